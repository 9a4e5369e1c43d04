CREATE TABLE algorithms (
    id             INTEGER PRIMARY KEY,
    owner_id       INTEGER      NOT NULL REFERENCES users (id),
    name           VARCHAR(100) NOT NULL,
    symbol         VARCHAR(20)  NOT NULL,
    is_running     BOOLEAN      NOT NULL,
    exposure_limit VARCHAR(40)  NOT NULL
);
CREATE TABLE orders (
    id           INTEGER PRIMARY KEY,
    user_id      INTEGER     NOT NULL REFERENCES users (id),
    algorithm_id INTEGER     REFERENCES algorithms (id),
    symbol       VARCHAR(20) NOT NULL,
    side         VARCHAR(4)  NOT NULL CHECK (side IN ('buy', 'sell')),
    status       VARCHAR(10) NOT NULL,
    quantity     VARCHAR(40) NOT NULL,
    price        VARCHAR(40) NOT NULL,
    fee          VARCHAR(40) NOT NULL,
    at           DATETIME    NOT NULL
);
CREATE INDEX orders_by_user ON orders (user_id, at);
