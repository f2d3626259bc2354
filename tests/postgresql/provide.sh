#!/bin/sh
# Prints the directory of PostgreSQL's programs: those that are installed, or else Debian's packages,
# unpacked below the directory given and installed nowhere. `make bench` compares with them.
set -eu
into=$1

# The newest version there is below a root.
programs() {
    for bin in "$1"/usr/lib/postgresql/*/bin; do
        [ -x "$bin/postgres" ] && [ -x "$bin/pgbench" ] && found=$bin
    done
    [ -n "${found:-}" ] && echo "$found"
}

programs "" && exit
programs "$into" && exit
mkdir -p "$into/debs"
into=$(cd "$into" && pwd)
# Downloading needs no root, and takes along what the packages need and the machine has not.
apt-get --quiet --quiet --yes --no-install-recommends --download-only \
    -o Debug::NoLocking=1 -o Dir::Cache::archives="$into/debs" \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    install postgresql >&2
for package in "$into"/debs/*.deb; do
    dpkg-deb --extract "$package" "$into"
done
programs "$into"
