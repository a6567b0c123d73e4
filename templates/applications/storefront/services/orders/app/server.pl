#!/usr/bin/perl
# The orders of the shop over HTTP, read from PostgreSQL with its own client.
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
$SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 32, ReuseAddr => 1) or die "cannot listen: $!";
print "orders listens on 8080\n";

while (1) {
    my $client = $server->accept or next;
    my $request = <$client> // '';
    while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
    if ($request =~ m{^GET /ready }) {
        query('select 1') =~ /^1/ ? answer($client, '200 OK', "ready\n") : answer($client, '503 Service Unavailable', "no database\n");
    } elsif ($request =~ m{^GET /orders }) {
        my $rows = query('select id, product, quantity from orders order by id');
        $rows eq '' ? answer($client, '503 Service Unavailable', "no orders\n") : answer($client, '200 OK', $rows);
    } else {
        answer($client, '404 Not Found', "not here\n");
    }
    close $client;
}

sub query {
    my ($sql) = @_;
    open(my $psql, '-|', 'psql', '-X', '-A', '-t', '-q', '-c', $sql) or return '';
    local $/;
    my $rows = <$psql> // '';
    close $psql;
    return $rows;
}

sub answer {
    my ($client, $status, $body) = @_;
    print $client "HTTP/1.1 $status\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
}
