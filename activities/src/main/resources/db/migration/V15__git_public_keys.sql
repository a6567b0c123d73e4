-- Public half of an ssh key, as it was read when the login was added; null: a password. Reading it from a key with a
-- passphrase takes long on purpose.
alter table git_login add column public_key text;
