using Pm.Torture.Gear;

namespace Pm.Torture.Scenarios;

/// <summary>Every verb that changes something, with at least one command line; and those that change nothing.</summary>
static class ScenarioTable
{
    const Area Change = Area.Root | Area.Store;

    /// <summary>The key of the root has left, and a change waits for its signature.</summary>
    const string Waiting = "cd $LIVE/w; mv repo/keys/root.json .; $PM repo key --repo repo --rotate timestamp; cp repo/pending.json change.json";

    /// <summary>All that an application root holds goes at once, large metadata among it, and somebody had put a file there.</summary>
    const string Everything = "remove source tool large --root ../app";

    const string Large = "cd $LIVE/w; $PM install --root ../app --allow-unsigned ./large-1.0.0.pkg; echo mine > ../app/current/share/large/mine";

    const string Detached = Large + "; $PM " + Everything;

    /// <summary>A project that needs a package, and what a person sees of it. Its root below <c>.pm</c> is looked at by pm.</summary>
    const string Project = "mkdir $LIVE/w/new; printf '[dependencies]\\napp = \"*\"\\n' > $LIVE/w/new/pm.toml";

    const string Files = "cd $LIVE/w/new; cat pm.toml pm.lock 2> /dev/null | grep -v '^root = ' || true";

    const string Configuration = "cat $LIVE/home/.config/pm/config.toml 2> /dev/null || true";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("install", "install tool@2.0.0", Change),
        new("install", "install hooked --scripts", Change),
        new("install", "install ./more-1.0.0.pkg ./extra-1.0.0.pkg", Change),
        new("install", "install --bundle tools.bundle tool@2.0.0", Change),
        new("install", "install --root ../app ./tool-2.0.0.pkg", Area.Application | Area.Store),
        new("remove", "remove app", Change) { RefusesWhatIsDone = true },
        new("remove", "remove tool --root ../app", Area.Application | Area.Store) { RefusesWhatIsDone = true },
        new("remove", Everything, Area.Application | Area.Store) { Before = Large, RefusesWhatIsDone = true, IsDetached = true },
        new("install", "install --root ../app ./other-1.0.0.pkg", Area.Application | Area.Store) { Before = Detached, IsDetached = true },
        new("recover", "recover --root ../app", Area.Application | Area.Store) { Before = Detached, IsStepwise = true },
        new("update", "update", Change),
        new("autoremove", "autoremove", Change) { Before = "$PM pin lib; $PM remove app; $PM pin --remove lib" },
        new("pin", "pin tool", Change),
        new("pin", "pin --remove other", Change),
        new("rollback", "rollback 1", Change) { Accumulates = true },
        new("rollback", "rollback --root ../app 1", Area.Application | Area.Store) { Accumulates = true },
        new("gc", "gc --keep 1 --older-than 0", Change | Area.Application | Area.Broken) { Before = "cd $LIVE/w; $PM update; $PM recover --root ../broken" },
        new("gc", "gc --forget orphaned", Area.Store) { RefusesWhatIsDone = true, Shows = "$PM gc -n --json | grep -o orphaned | head -1 || true" },
        new("recover", "recover --root ../broken", Area.Broken | Area.Store) { IsStepwise = true },
        new("verify", "verify --repair", Change)
        {
            Before = "cd $LIVE/root; rm share/tool/asset bin/tool; chmod u+w share/app/version; echo damage > share/app/version", StartsDamaged = true, IsStepwise = true,
        },
        new("fetch", "fetch tool@2.0.0", Area.Store) { Shows = "$PM fetch --offline -n tool@2.0.0 2>&1 || true" },
        new("run", "run tool@2.0.0", Area.Store) { Shows = "$PM fetch --offline -n tool@2.0.0 2>&1 || true" },
        new("bundle", "bundle new.bundle tool app", Area.Work | Area.Store) { RefusesWhatIsDone = true },

        new("init", "init --name fresh fresh", Area.Work) { Before = "mkdir $LIVE/w/fresh", RefusesWhatIsDone = true },
        new("init", "init --ebpf fresh", Area.Work) { Before = "mkdir $LIVE/w/fresh", RefusesWhatIsDone = true, IsStepwise = true },
        new("lock", "lock --project new --allow-unsigned", Area.Work | Area.Store) { Before = Project, IsRandom = true, Shows = Files },
        new("add", "add --project new --allow-unsigned tool", Area.Work | Area.Store) { Before = Project, IsRandom = true, IsStepwise = true, Shows = Files },
        new("get", "get --project new --allow-unsigned tool", Area.Work | Area.Store) { Before = Project, IsRandom = true, IsStepwise = true, Shows = Files + "; $PM list --root .pm 2> /dev/null || true" },
        new("drop", "drop --project new --allow-unsigned app", Area.Work | Area.Store)
        {
            Before = Project + "; $PM lock --project $LIVE/w/new --allow-unsigned", IsRandom = true, IsStepwise = true, RefusesWhatIsDone = true, Shows = Files,
        },
        new("install", "install --project new --allow-unsigned", Area.Work | Area.Store)
        {
            Before = Project, IsRandom = true, IsStepwise = true, Shows = Files + "; $PM list --root .pm 2> /dev/null || true",
        },
        new("fetch", "fetch --project new --allow-unsigned", Area.Work | Area.Store)
        {
            Before = Project, IsRandom = true, IsStepwise = true, Shows = Files + "; $PM fetch --project . --offline -q 2> /dev/null && echo here || true",
        },
        new("bundle", "bundle --project new --allow-unsigned new.bundle", Area.Work | Area.Store) { Before = Project, IsRandom = true, IsStepwise = true, RefusesWhatIsDone = true, Shows = Files + "; ls ../new.bundle 2> /dev/null || true" },
        new("fetch", "fetch --project new --bundle new.bundle", Area.Work | Area.Store)
        {
            Before = Project + "; cd $LIVE/w; $PM bundle --project new --allow-unsigned new.bundle; rm -r new/.pm", IsRandom = true, IsStepwise = true, Shows = Files,
        },
        new("vendor", "vendor --project new --allow-unsigned third", Area.Work | Area.Store)
        {
            Before = Project, IsRandom = true, IsStepwise = true, Shows = Files + "; cat third/VENDOR.toml 2> /dev/null && $PM vendor --project . --check -q third || true",
        },
        new("update", "update --project new --allow-unsigned", Area.Work | Area.Store)
        {
            Before = Project + "; sed -i 's/\\*/<2/' $LIVE/w/new/pm.toml; $PM install --project $LIVE/w/new --allow-unsigned; sed -i 's/<2/*/' $LIVE/w/new/pm.toml",
            IsRandom = true, IsStepwise = true, Shows = Files + "; $PM list --root .pm 2> /dev/null || true",
        },

        new("remote add", "remote add --trust-first-use second", Area.Settings) { RefusesWhatIsDone = true },
        new("remote remove", "remote remove repo", Area.Settings) { RefusesWhatIsDone = true },
        new("remote set", "remote set repo --mirror second", Area.Settings),
        new("remote trust", "remote trust repo --trust-first-use", Area.Settings),
        new("pull", "pull", Area.Settings),

        new("build", "build --no-sign project", Area.Work),
        new("pkg create", "pkg create --no-sign source", Area.Work) { Before = "cd $LIVE/w; rm source-1.0.0.pkg" },
        new("pkg sign", "pkg sign --key ann@example.org source-1.0.0.pkg", Area.Work) { IsRandom = true, Shows = "cd $LIVE/w; $PM pkg verify source-1.0.0.pkg 2>&1 || true" },
        new("pkg unpack", "pkg unpack tool-1.0.0.pkg unpacked", Area.Work) { RefusesWhatIsDone = true },
        new("pkg convert", "pkg convert tool-1.0.0.pkg tool.far", Area.Work) { RefusesWhatIsDone = true, IsStepwise = true },
        new("pkg pull", "pkg pull --output pulled.pkg @image", Area.Work) { RefusesWhatIsDone = true },
        new("pkg pull", "pkg pull --force --output more-1.0.0.pkg @image", Area.Work),
        new("unpack", "unpack archive.tar unpacked", Area.Work) { RefusesWhatIsDone = true },

        new("export", "export npm ./more-1.0.0.pkg out", Area.Work | Area.Store),
        new("publish", "publish --to repo sent-1.0.0.pkg more-1.0.0.pkg", Area.Repository),
        new("yank", "yank --to repo --reason bad tool@1.0.0", Area.Repository),
        new("repo index", "repo index -o INDEX.md hub", Area.Work) { Before = "mkdir -p $LIVE/w/hub/one; printf '[package]\\nname = \"one\"\\nversion = \"1.0.0\"\\n' > $LIVE/w/hub/one/pm.toml" },
        new("repo init", "repo init new", Area.Work) { Afterwards = "cd $LIVE/w; $PM repo refresh --repo new", RefusesWhatIsDone = true, IsRandom = true, Shows = "cd $LIVE/w; if $PM repo verify new; then echo good; else echo none; fi 2>&1 | grep -xE 'good|none'" },
        new("repo publish", "repo publish --repo repo sent-1.0.0.pkg more-1.0.0.pkg", Area.Repository),
        new("repo remove", "repo remove -y --repo repo tool@1.0.0", Area.Repository) { RefusesWhatIsDone = true },
        new("repo yank", "repo yank --repo repo --reason bad tool@1.0.0", Area.Repository),
        new("repo yank", "repo yank --undo --repo repo tool@1.0.0", Area.Repository) { Before = "cd $LIVE/w; $PM repo yank --repo repo tool@1.0.0" },
        new("repo refresh", "repo refresh --repo repo", Area.Repository),
        new("repo key", "repo key --repo repo --rotate timestamp", Area.Repository) { IsRandom = true, Accumulates = true },
        new("repo key", "repo key --repo repo --rotate root", Area.Repository) { IsRandom = true, Accumulates = true },
        new("repo key", "repo key --repo repo --add root=new --add root=new --threshold root=2", Area.Repository) { IsRandom = true, Accumulates = true },
        new("repo key", "repo key --create made.json", Area.Work) { IsRandom = true, RefusesWhatIsDone = true, IsStepwise = true },
        new("repo refresh", "repo refresh --role root --repo repo", Area.Repository) { IsRandom = true, Accumulates = true },
        new("repo sign", "repo sign -y --key root.json change.json", Area.Work | Area.Repository) { Before = Waiting, IsRandom = true },
        new("repo sign", "repo sign -y --repo repo --key root.json change.json", Area.Work | Area.Repository) { Before = Waiting, IsRandom = true, RefusesWhatIsDone = true },
        new("repo sign", "repo sign --drop --repo repo", Area.Work | Area.Repository) { Before = Waiting, IsRandom = true, RefusesWhatIsDone = true },
        new("repo trust", "repo trust --repo repo bob.asc", Area.Repository),
        new("repo trust", "repo trust --repo repo --unsigned", Area.Repository),
        new("token create", "token create --repo repo --expires never publish:x", Area.Repository) { IsRandom = true, Accumulates = true },
        new("token revoke", "token revoke --repo repo @token", Area.Repository),
        new("token login", "token login --offline --token-file token http://127.0.0.1:1/stable", Area.Settings),
        new("token logout", "token logout http://127.0.0.1:1/stable", Area.Settings)
        {
            Before = "cd $LIVE/w; $PM token login --offline --token-file token http://127.0.0.1:1/stable", RefusesWhatIsDone = true,
        },
        new("serve", "publish --to SERVER --token-file token sent-1.0.0.pkg", Area.Repository) { DisturbsServer = true },

        new("key create", "key create --no-passphrase @cid", Area.Settings)
        {
            Before = "mkdir -m 700 $LIVE/g", HasOwnGnuPg = true, IsRandom = true, RefusesWhatIsDone = true, RefusesHalfDone = true,
        },
        new("key import", "key import --trust eve.asc", Area.Settings),
        new("key trust", "key trust -y bob@example.org", Area.Settings),
        new("key remove", "key remove bob@example.org", Area.Settings) { RefusesWhatIsDone = true },
        new("key sign", "key sign --key ann@example.org text", Area.Work) { IsRandom = true, RefusesWhatIsDone = true },
        new("tuf-client", "tuf-client --metadata-dir metadata init repo/repository/root.json", Area.Work) { Before = "mkdir $LIVE/w/metadata", RefusesWhatIsDone = true },
        new("config set", "config set jobs 4", Area.Work) { Shows = Configuration },
        new("config set", "config set --project jobs 4", Area.Work) { Before = "printf '# mine\\n[dependencies]\\n' > $LIVE/w/pm.toml", Shows = "cat $LIVE/w/pm.toml" },
        new("config unset", "config unset jobs", Area.Work) { Before = "$PM config set offline false; $PM config set jobs 4", Shows = Configuration },
        new("install-links", "install-links links", Area.Work) { IsStepwise = true },
    ];

    /// <summary>A command line for each verb that only looks: it writes nothing at all.</summary>
    public static IReadOnlyList<(string Verb, string Line)> Looking { get; } =
    [
        ("remote list", "remote list"), ("ps", "ps"), ("check", "check tool-1.0.0.pkg"), ("stop", "stop -n --all"), ("logs", "logs nothing"), ("search", "search tool"), ("info", "info tool"), ("available", "available"), ("list", "list"),
        ("files", "files tool"), ("owns", "owns ../root/bin/tool"), ("provides", "provides bin/tool"), ("outdated", "outdated"),
        ("generations", "generations"), ("diff", "diff 1 2"), ("verify", "verify"), ("gc", "gc -n"), ("gc", "gc --why tool"), ("pin", "pin"),
        ("pkg verify", "pkg verify tool-1.0.0.pkg"), ("pkg inspect", "pkg inspect tool-1.0.0.pkg"), ("pkg push", "pkg push -n tool-1.0.0.pkg oci://127.0.0.1:1/tool"), ("pkg pull", "pkg pull -n --offline oci://127.0.0.1:1/tool"), ("merkle", "merkle text"),
        ("repo list", "repo list --repo repo"), ("repo verify", "repo verify --repo repo"), ("repo key", "repo key --repo repo"),
        ("repo audit", "repo audit --repo repo"), ("token list", "token list --repo repo"),
        ("key list", "key list"), ("key export", "key export ann@example.org"), ("key verify", "key verify text text.asc"),
        ("build", "build -n --no-sign project"), ("tree", "tree --project project"), ("why", "why --project project x"), ("lock", "lock -n --project project"), ("help", "help install"), ("explain", "explain PM0001"), ("doctor", "doctor"), ("config list", "config list --show-origin"), ("config get", "config get jobs"), ("completion", "completion bash"), ("version", "version"), ("rpc", "rpc"),
    ];
}
