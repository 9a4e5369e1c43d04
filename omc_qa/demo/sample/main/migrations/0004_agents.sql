CREATE TABLE agent_sessions (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER      NOT NULL REFERENCES users (id),
    goal    VARCHAR(500) NOT NULL,
    status  VARCHAR(20)  NOT NULL,
    model   VARCHAR(40)  NOT NULL,
    result  JSON         NOT NULL
);
CREATE TABLE artifacts (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER      NOT NULL REFERENCES agent_sessions (id),
    name       VARCHAR(120) NOT NULL,
    media_type VARCHAR(60)  NOT NULL,
    content    TEXT         NOT NULL
);
