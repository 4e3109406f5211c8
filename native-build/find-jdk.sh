#!/bin/sh
# Prints the home of a JDK 25 or newer, wherever it is installed; the default java of a host is often older.
set -u
at_least_25() {
    [ -x "$1/bin/javac" ] || return 1
    # Every JDK says its version in this file; asking javac would start a JVM for each.
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
    [ "${major:-0}" -ge 25 ]
}
for home in "${JAVA_HOME:-}" \
    "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /nonexistent/bin/javac)")")")" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$home" ] && at_least_25 "$home"; then
        echo "$home"
        exit 0
    fi
done
echo "no JDK 25 or newer found: install one (Debian 13: apt-get install openjdk-25-jdk-headless) or set JAVA_HOME" >&2
exit 1
