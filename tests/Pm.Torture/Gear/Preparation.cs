namespace Pm.Torture.Gear;

/// <summary>What lies in a place before a trial.</summary>
static class Preparation
{
    /// <summary>Small packages with all that makes a change: shared and replaced files, commands, configuration, hooks, links, dependencies.</summary>
    public const string Script = """
        cd $LIVE/w
        pack() {
          mkdir -p $1/root/share/$1/deep $1/root/bin $1/root/etc
          echo "$1 $2" > $1/root/share/$1/version; echo asset > $1/root/share/$1/asset; echo x > $1/root/share/$1/deep/only-$2
          ln -s version $1/root/share/$1/link
          printf '#!/bin/sh\necho %s\n' $2 > $1/root/bin/$1; chmod 755 $1/root/bin/$1; echo "setting=$2" > $1/root/etc/$1.conf
          printf 'name: %s\nversion: %s\ndescription: a test\n%s' $1 $2 "${3:-}" > $1/meta.yaml
          $PM pkg create $1; rm -r $1
        }
        $PM key create --no-passphrase 'Ann <ann@example.org>' > ann
        $PM key export > ann.asc
        pack tool 1.0.0; pack tool 2.0.0; pack other 1.0.0; pack lib 1.0.0; pack more 1.0.0; pack extra 1.0.0; pack sent 1.0.0
        pack lone 1.0.0; pack lone 2.0.0
        pack app 1.0.0 "deps: [lib]
        "; pack app 2.0.0
        mkdir -p hooked/bin hooked/root/share; echo hooked > hooked/root/share/hooked
        printf 'name: hooked\nversion: 1.0.0\ndescription: a test\n' > hooked/meta.yaml
        printf '#!/bin/sh\nexit 0\n' > hooked/bin/post-install; chmod 755 hooked/bin/post-install; $PM pkg create hooked; rm -r hooked
        mkdir -p source/root/share; echo source > source/root/share/source; printf 'name: source\nversion: 1.0.0\ndescription: a test\n' > source/meta.yaml
        $PM pkg create --no-sign source; tar cf archive.tar source
        mkdir -p large/root/share/large large/meta; echo large > large/root/share/large/file; head -c 70000 /dev/zero | tr '\0' x > large/meta/notes
        printf 'name: large\nversion: 1.0.0\ndescription: a test\n' > large/meta.yaml; $PM pkg create --no-sign large; rm -r large
        mkdir -p project/share; echo data > project/share/data; printf 'package = { name = "project", version = "1.0.0", files = ["share"] }\nbuild.command = "echo made > $OUT/made"\n' > project/pm.toml
        mkdir links; echo text > text; echo 'Cid <cid@example.org>' > cid

        $PM repo init repo
        $PM repo trust --repo repo ann@example.org
        $PM token create --repo repo --expires never 'publish:*' yank > token
        $PM token create --repo repo --expires never admin > admin
        $PM repo publish --repo repo tool-1.0.0.pkg other-1.0.0.pkg lib-1.0.0.pkg app-1.0.0.pkg
        $PM repo init second
        $PM repo trust --repo second ann@example.org
        $PM repo publish --repo second more-1.0.0.pkg

        gpg --batch --quiet --passphrase '' --quick-generate-key 'Bob <bob@example.org>' ed25519 sign never
        gpg --batch --quiet --armor --export bob@example.org > bob.asc
        gpg --batch --quiet --passphrase '' --quick-generate-key 'Eve <eve@example.org>' ed25519 sign never
        gpg --batch --quiet --armor --export eve@example.org > eve.asc
        $PM key import bob.asc

        $PM remote add --trust-first-use repo
        $PM pull
        $PM install app tool
        $PM install other
        $PM pin other
        $PM repo publish --repo repo tool-2.0.0.pkg app-2.0.0.pkg hooked-1.0.0.pkg
        $PM pull
        $PM bundle tools.bundle tool@2.0.0
        $PM install --root orphaned --allow-unsigned ./source-1.0.0.pkg
        rm -r orphaned

        $PM install --root $LIVE/app --application --allow-unsigned ./source-1.0.0.pkg
        $PM key import --root $LIVE/app --trust ann.asc
        $PM install --root $LIVE/app ./tool-1.0.0.pkg
        $PM gc

        $PM install --root $LIVE/broken --allow-unsigned ./source-1.0.0.pkg
        $PM key import --root $LIVE/broken --trust ann.asc
        $PM install --root $LIVE/broken ./lone-1.0.0.pkg
        cp -a $LIVE/broken $LIVE/clean
        $PM install --root $LIVE/broken ./lone-2.0.0.pkg
        rm -r $LIVE/broken; cp -a $LIVE/clean $LIVE/broken
        PM_TRACE_WRITES=$LIVE/trace $PM install --root $LIVE/broken ./lone-2.0.0.pkg
        rm -r $LIVE/broken; mv $LIVE/clean $LIVE/broken
        switched=$(grep -n 'exchange ' $LIVE/trace | tail -1 | cut -d: -f1)
        PM_FAULT=kill@$((switched - 2)) $PM install --root $LIVE/broken ./lone-2.0.0.pkg || test $? = 137
        rm $LIVE/trace

        $PM repo publish --repo repo extra-1.0.0.pkg
        """;
}
