-- Every text an application's document ever was. The number is application.revision at that time.
create table application_revision (
    application_id text not null references application on delete cascade,
    number         bigint not null,
    document       text not null,
    -- Who saved it; empty: not a person (a commit, the demo).
    author         text not null default '',
    message        text not null default '',
    created_at     timestamptz not null default now(),
    primary key (application_id, number)
);

insert into application_revision (application_id, number, document, created_at)
select id, revision, document, changed_at from application;
