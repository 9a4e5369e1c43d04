CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    email         VARCHAR(200) NOT NULL UNIQUE,
    full_name     VARCHAR(200) NOT NULL,
    password_hash VARCHAR(200) NOT NULL,
    risk_profile  VARCHAR(10)  NOT NULL CHECK (risk_profile IN ('low', 'medium', 'high')),
    is_active     BOOLEAN      NOT NULL,
    is_operator   BOOLEAN      NOT NULL
);
