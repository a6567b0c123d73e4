-- Who may come in, and what they may do.

create table person (
    id         text primary key,
    -- What runs and the audit show. Of somebody who was removed too: a name is never given to another.
    name       text not null,
    -- 'person' signs in with a password; 'service' has tokens only.
    kind       text not null check (kind in ('person', 'service')),
    -- Encoded, with its algorithm; null: invited, or a service.
    password   text,
    -- Counts the changes of roles and state: of two who change at once, the second is told.
    version    bigint not null default 1,
    created_at timestamptz not null default now(),
    created_by text not null,
    removed_at timestamptz
);
create unique index person_name on person (lower(name));

create table role_grant (
    person_id      text not null references person on delete cascade,
    role           text not null,
    -- Both null: everywhere.
    application_id text references application on delete cascade,
    environment_id text references environment on delete cascade,
    unique nulls not distinct (person_id, role, application_id, environment_id)
);
create index role_grant_of_person on role_grant (person_id);

-- One-time links: an invitation or a reset for a person, or, without one, the first administrator's.
create table password_link (
    hash       bytea primary key,
    person_id  text references person on delete cascade,
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create table signed_in (
    id         text primary key,
    hash       bytea not null unique,
    person_id  text not null references person on delete cascade,
    address    text not null,
    agent      text not null,
    created_at timestamptz not null default now(),
    seen_at    timestamptz not null default now()
);
create index signed_in_of_person on signed_in (person_id);

create table api_token (
    id         text primary key,
    person_id  text not null references person on delete cascade,
    name       text not null,
    hash       bytea not null unique,
    -- Its first characters, to tell tokens apart.
    hint       text not null,
    -- Words of permissions.
    scopes     text[] not null,
    created_at timestamptz not null default now(),
    created_by text not null,
    expires_at timestamptz,
    used_at    timestamptz,
    revoked_at timestamptz
);
create index api_token_of_person on api_token (person_id);
