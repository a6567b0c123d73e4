#!/usr/bin/perl
# The shop's front: its page, and what the catalog and the orders service answer.
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
$SIG{TERM} = sub { exit 0 };
$SIG{CHLD} = 'IGNORE';
my %behind = ('/catalog' => "$ENV{CATALOG_URL}/products.json", '/orders' => "$ENV{ORDERS_URL}/orders");
my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 64, ReuseAddr => 1) or die "cannot listen: $!";
print "web listens on 8080\n";

while (1) {
    my $client = $server->accept or next;
    defined(my $child = fork) or die "cannot fork: $!";
    if ($child == 0) { serve($client); exit 0 }
    close $client;
}

sub serve {
    my ($client) = @_;
    my $request = <$client> // '';
    while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
    my ($path) = $request =~ m{^GET (\S+) };
    if (!defined $path) {
        answer($client, '405 Method Not Allowed', 'text/plain', "only GET\n");
    } elsif ($path eq '/' || $path eq '/index.html') {
        open(my $page, '<', '/srv/index.html') or return answer($client, '404 Not Found', 'text/plain', "no page\n");
        local $/;
        answer($client, '200 OK', 'text/html; charset=utf-8', <$page>);
    } elsif (my $url = $behind{$path}) {
        my $body = fetch($url);
        defined $body
            ? answer($client, '200 OK', 'text/plain; charset=utf-8', "$body\nprices in $ENV{CURRENCY}\n")
            : answer($client, '502 Bad Gateway', 'text/plain', "$path does not answer\n");
    } else {
        answer($client, '404 Not Found', 'text/plain', "not here\n");
    }
}

sub fetch {
    my ($host, $port, $path) = $_[0] =~ m{^http://([^:/]+):(\d+)(/.*)$} or return;
    my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => 5) or return;
    print $socket "GET $path HTTP/1.0\r\nHost: $host\r\n\r\n";
    local $/;
    my ($head, $body) = split /\r?\n\r?\n/, (<$socket> // ''), 2;
    return ($head // '') =~ m{^HTTP/1\.[01] 200 } ? $body : undef;
}

sub answer {
    my ($client, $status, $type, $body) = @_;
    print $client "HTTP/1.1 $status\r\nContent-Type: $type\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
}
