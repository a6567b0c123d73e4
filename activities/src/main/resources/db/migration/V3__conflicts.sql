-- What a run does about fields that somebody else has set: stop, take or leave.
alter table run add column on_conflict text not null default 'stop';
