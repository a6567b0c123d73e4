-- How Slipway signs in to git servers.
create table git_login (
    name       text primary key,
    -- 'password' or 'sshKey'.
    kind       text not null,
    -- For this repository, or for all below it: https://host/team, ssh://host:port.
    address    text not null unique,
    username   text not null,
    -- Password, token or private key, sealed with the master key.
    secret     bytea not null,
    -- Of the private key; null: it has none.
    passphrase bytea,
    created_at timestamptz not null default now()
);

-- Which keys the ssh servers showed, and which of them a person confirmed.
create table git_host_key (
    host         text not null,
    port         int not null,
    -- As in a known_hosts file: type, a blank, base64.
    key          text not null,
    fingerprint  text not null,
    seen_at      timestamptz not null default now(),
    confirmed_at timestamptz,
    confirmed_by text,
    primary key (host, port, key)
);
