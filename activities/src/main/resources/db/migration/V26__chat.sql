-- Chats whose commands are taken.
create table chat_connection (
    name         text primary key,
    provider     text not null,
    -- 'signature': over each body; 'token': a fixed one with each command.
    verification text not null,
    -- Signing secret or token, sealed with the master key.
    secret       bytea not null,
    -- Where answers may be sent, one a line.
    hosts        text not null,
    enabled      boolean not null default true,
    created_at   timestamptz not null default now(),
    created_by   text not null
);

-- Who a chat user is here. Names of teams and users are the chat's, for people to read.
create table chat_account (
    id             text primary key,
    -- Not the provider: what one chat says of its users counts for that chat only.
    connection     text not null references chat_connection (name) on delete cascade,
    team           text not null,
    team_name      text not null,
    chat_user      text not null,
    chat_user_name text not null,
    user_id        text not null,
    -- Of the page on which it was linked.
    locale         text not null,
    linked_at      timestamptz not null default now(),
    unique (connection, team, chat_user)
);
create index on chat_account (user_id);

-- Codes that were given out and not used yet.
create table chat_link (
    code_hash      text primary key,
    connection     text not null references chat_connection (name) on delete cascade,
    team           text not null,
    team_name      text not null,
    chat_user      text not null,
    chat_user_name text not null,
    expires_at     timestamptz not null
);

-- Commands as they came: what is to be done is recorded before it is acknowledged.
create table chat_command (
    id             text primary key,
    connection     text not null references chat_connection (name) on delete cascade,
    -- Of this command, however often it is delivered.
    dedup_key      text not null,
    -- Of this delivery: its signature.
    fingerprint    text not null,
    team           text not null,
    chat_user      text not null,
    text           text not null,
    -- Sealed: who has it may post to the chat. Null: none came, or its host is not allowed.
    response_url   bytea,
    received_at    timestamptz not null default now(),
    -- 'answered' at once; 'new': to be worked on; 'started': its run is not over; 'done'.
    state          text not null,
    -- What it started, or is to end.
    run_id         text,
    attempts       int not null default 0,
    leased_until   timestamptz,
    unique (connection, dedup_key)
);
create index on chat_command (received_at) where state in ('new', 'started');
