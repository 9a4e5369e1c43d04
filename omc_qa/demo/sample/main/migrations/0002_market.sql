-- text_array is a domain over text[] on PostgreSQL; on SQLite see app/db/arrays.py.
CREATE TABLE price_ticks (
    id     INTEGER PRIMARY KEY,
    symbol VARCHAR(20) NOT NULL,
    price  VARCHAR(40) NOT NULL,
    at     DATETIME    NOT NULL
);
CREATE TABLE news_sentiment (
    id         INTEGER PRIMARY KEY,
    title      VARCHAR(300) NOT NULL,
    score      FLOAT        NOT NULL,
    at         DATETIME     NOT NULL,
    currencies text_array   NOT NULL,
    CONSTRAINT news_sentiment_currencies_is_array CHECK (CAST(currencies AS TEXT) LIKE '{%}')
);
CREATE TABLE social_posts (
    id       INTEGER PRIMARY KEY,
    text     VARCHAR(500) NOT NULL,
    score    FLOAT        NOT NULL,
    at       DATETIME     NOT NULL,
    hashtags text_array   NOT NULL,
    CONSTRAINT social_posts_hashtags_is_array CHECK (CAST(hashtags AS TEXT) LIKE '{%}')
);
CREATE TABLE catalyst_events (
    id         INTEGER PRIMARY KEY,
    kind       VARCHAR(40)  NOT NULL,
    title      VARCHAR(300) NOT NULL,
    at         DATETIME     NOT NULL,
    currencies text_array   NOT NULL,
    CONSTRAINT catalyst_events_currencies_is_array CHECK (CAST(currencies AS TEXT) LIKE '{%}')
);
