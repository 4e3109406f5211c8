#!/bin/bash
# Fetches Debian's cloud kernel for a release and prints the directory that holds its vmlinuz and lib/modules:
#   kernel.sh 5.10|6.1|6.12|newest
# Nothing is installed: the packages come through apt, checked against the archive's keys, into a private directory
# with its own package lists. A kernel once fetched stays until its directory is removed.
set -euo pipefail
cache=${VM_CACHE:-$(cd "$(dirname "$0")/../.." && pwd)/.cache/vm}

case ${1:-} in
    5.10) suite=bullseye security=bullseye-security ;;
    6.1) suite=bookworm security=bookworm-security ;;
    6.12) suite=trixie security=trixie-security ;;
    newest) suite=sid security= ;;
    *) echo "usage: kernel.sh 5.10|6.1|6.12|newest" >&2; exit 2 ;;
esac
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # of two at once, the second finds what the first has fetched

kernel=$cache/kernel-$1
if [ -e "$kernel/vmlinuz" ]; then
    echo "$kernel"
    exit
fi

# The mirror is the one this machine installs from already; on Ubuntu it is Debian's own.
repositories=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u)
mirror=$(grep -m1 -E '/debian/?$' <<<"$repositories" || echo http://deb.debian.org/debian/)
security_mirror=$(grep -m1 -E '/debian-security/?$' <<<"$repositories" || echo "${mirror%/debian*}/debian-security/")

apt=$cache/apt-$suite
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
if [ -n "$security" ]; then
    echo "deb [signed-by=$keyring] $security_mirror $security main" >>"$apt/sources.list"
fi
options=(-q -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$apt/lists" -o Dir::State::status=/dev/null
    -o Dir::Cache::archives="$apt/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Sandbox::User=root
    -o APT::Get::List-Cleanup=false -o Acquire::Languages=none -o Acquire::Retries=3
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
apt-get "${options[@]}" update >&2

# The metapackage names the current kernel; newer releases split the modules from the image.
packages=$(apt-cache "${options[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances linux-image-cloud-amd64 |
    grep -E '^linux-(image|modules|binary|base)-[0-9].*cloud-amd64$' | grep -v unsigned | sort -u)
[ -n "$packages" ] || { echo "$suite has no kernel for linux-image-cloud-amd64" >&2; exit 1; }

work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086 # one word per package
(cd "$work" && apt-get "${options[@]}" download $packages >&2)
for package in "$work"/*.deb; do
    dpkg-deb -x "$package" "$work/root"
done
if [ -d "$work/root/usr/lib/modules" ]; then
    mkdir -p "$work/root/lib"
    mv "$work/root/usr/lib/modules" "$work/root/lib/"
fi
release=$(ls "$work/root/lib/modules")
mv "$(find "$work/root" -name 'vmlinuz*' -type f -print -quit)" "$work/vmlinuz"
# depmod and modprobe of busybox read plain modules only.
find "$work/root/lib/modules" -name '*.ko.xz' -print0 | xargs -0r xz -d
find "$work/root/lib/modules" -name '*.ko.zst' -print0 | xargs -0r zstd -q -d --rm
busybox depmod -b "$work/root" "$release"

rm -rf "$kernel"
mkdir -p "$kernel"
mv "$work/root/lib" "$kernel/"
mv "$work/vmlinuz" "$kernel/"
echo "$kernel"
