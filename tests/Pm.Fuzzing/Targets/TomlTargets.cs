using Pm.Cli;
using Pm.Cli.Configuration;
using Pm.Fuzzing.Gear;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;
using Pm.Packages.Versions;
using Pm.Stages;
using Pm.Stages.Projects;

namespace Pm.Fuzzing.Targets;

/// <summary>Manifests, lockfiles, configuration: what is TOML, and edits of it.</summary>
static class TomlTargets
{
    const string Document = """"
        # c
        title = "é\\n" # t
        'k'."q q" = [1, 0x1F, +2.5e-3, inf, true,
          '''lit''', # in
        ]
        [a.b]
        when = 1979-05-27 07:32:00.5-07:00
        day = 1979-05-27
        x.y = { z = {}, w.v = [{ u = 07:32:00 }] }

        [[m]]
        s = """
        m\
          n"""
        [m.t]
        [[m]]

        """";

    const string Project = """
        [package]
        name = "acme/n"
        version = 1.2
        license = "(MIT OR Apache-2.0) AND GPL-2.0+ WITH x"
        files = ["a/**"]
        [[module]]
        name = "m"
        source = "src/m.o"
        [dependencies]
        a = "^1.2, <3 || =4"
        b = { git = "https://h/b.git", branch = "main", path = "sub", features = ["f"], optional = true }
        c = { source = "git+ssh://git@h/c#v1?path=x" }
        d = { github = "o/n", tag = "v1" }
        [dependencies.private]
        e = { url = "https://h/x.tar", sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
        [build-dependencies]
        g = { path = "../g" }
        [remotes]
        m = { url = "https://h/p", root = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
        [build]
        command = ["make"]
        env = { A = "b" }
        [constraints]
        clang = ">=14"
        arch = ["x86_64"]
        [features]
        default = ["b"]
        [workspace]
        members = ["p/*"]
        [patch]
        a = "./a"

        """;

    const string Vendored = """
        format = 1

        [[package]]
        name = "a-1"
        version = "2"
        hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

        [[source]]
        name = "o/b"
        version = "1.0.0"
        tree = "0123456789abcdef0123456789abcdef01234567"
        unusual = ["160000 0123456789abcdef0123456789abcdef01234567 x/y", "40000 - é"]

        """;

    const string Lock = """
        format = 1

        [[remote]]
        name = "main"
        url = "https://h/p"
        root = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

        [[package]]
        name = "a"
        version = "1.2.3"
        remote = "main"
        hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        size = 12
        signer = "0123456789ABCDEF0123456789ABCDEF01234567"
        needs = ["b ^1", "c@2.0"]
        private = ["d >=1, <3"]

        [[package]]
        name = "b"
        version = "1.0.0"
        git = "https://h/b.git"
        branch = "main"
        path = "sub"
        commit = "0123456789abcdef0123456789abcdef01234567"
        tree = "0123456789abcdef0123456789abcdef01234567"
        needs = ["a"]

        [[package]]
        name = "c"
        version = "2.0"
        source = "git+https://h/c#v1?path=x"
        equals = ["2.0.0"]

        [[package]]
        name = "d"
        version = "2.0.0"
        for = "a"
        path = "../d"

        """;

    const string Settings = """
        # c
        jobs = 4
        offline = true
        root = "~/r"
        lock-timeout = "5m"
        proxy = "http://h:1"
        build-path = "/a:~/b"
        scripts = "ask"
        x.y = 1

        """;

    static readonly byte[][] Sources = Words.Of("git+", "github:", "ext::", "--upload-pack=x", "#", "?path=", "../", "sha256", "https://", "@", "WITH", "AND", "(", ")");

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("toml", Read)
        {
            Seeds = Reading.Seeds(Document, Document.Replace("\n", "\r\n", StringComparison.Ordinal), ""),
            Allowed = [typeof(PackageFormatException)],
            Words = Words.Toml,
        },
        new("manifest", b => Manifest.Parse(b, "x"))
        {
            Seeds = Reading.Seeds(Project),
            Allowed = [typeof(PackageFormatException)],
            Words = [.. Words.Toml, .. Words.Version, .. Sources],
        },
        new("manifest-json", b => Manifest.ParseJson(b, "x"))
        {
            Seeds = Reading.Seeds("{\"package\": {\"name\": \"o/n\", \"version\": 0.10}, \"module\": [{\"name\": \"m\", \"path\": \"https://h/x\"}], \"dependencies\": {\"b\": \"^1\"}}"),
            Allowed = [typeof(PackageFormatException)],
            Words = [.. Words.Json, .. Words.Version, .. Sources],
        },
        new("configuration", ReadSettings)
        {
            Seeds = Reading.Seeds(Settings, "[settings]\n" + Settings),
            Allowed = [typeof(PackageFormatException), typeof(CommandException)],
            Words = [.. Words.Toml, .. Words.Of(["\n[settings]\n", "~/", "true", "token", ":", "@", .. SettingTable.All.Select(s => $"\n{s.Name} = ")])],
            MaximumLength = 2 * SettingFileReader.MaximumSize,
        },
        new("lockfile", ReadLock)
        {
            Seeds = Reading.Seeds(Lock, Lock.Replace("needs = [\"a\"]", "", StringComparison.Ordinal)),
            Allowed = [typeof(PackageFormatException), typeof(StageException)],
            Words = [.. Words.Toml, .. Words.Version, .. Sources],
        },
        new("vendor-list", ReadVendored)
        {
            Seeds = Reading.Seeds(Vendored, Vendored.Replace("a-1", "a", StringComparison.Ordinal)),
            Allowed = [typeof(PackageFormatException)],
            Words = [.. Words.Toml, .. Words.Version, .. Words.Of("160000 ", "40000 - ", "[[source]]", "[[package]]")],
        },
        new("toml-edit", Edit)
        {
            Seeds = Reading.Seeds(Document, "a = {b = [1, 2]}\n"),
            Allowed = [typeof(PackageFormatException)],
            Words = Words.Toml,
            MaximumLength = 4096,
            MemoryLimit = 128L << 20,
        },
    ];

    /// <summary>What is read is, written and read again, the same; each place lies in the document.</summary>
    static void Read(byte[] bytes)
    {
        var document = TomlDocument.Read(bytes, "x");
        var written = $"{TomlExpression.Of(TomlValue.OfTable(document.Root))}";
        var again = TomlDocument.Read(Reading.Bytes($"x = {written}"), "written", new TomlLimits { Depth = TomlLimits.DeepestNesting }).Root.Find("x")!.Value.Value;
        Assert.Equal(written, TomlExpression.Of(again).ToString());
        Check(document.Root, bytes.Length);
    }

    /// <summary>What is read is written the same again, and no two things have one name, or one that leads elsewhere.</summary>
    static void ReadVendored(byte[] bytes)
    {
        var list = VendorList.Parse(bytes, "x");
        var written = list.ToBytes();
        Assert.Equal(written, VendorList.Parse(written, "written").ToBytes());
        Assert.Equal(list.Items.Length, list.Items.Select(list.EntryOf).Distinct().Count());
        Assert.All(list.Items, i => Assert.DoesNotContain('/', list.EntryOf(i)));
    }

    /// <summary>What is read is written the same again, and what it says of itself can be asked.</summary>
    static void ReadSettings(byte[] bytes)
    {
        if (SettingFileReader.ReadProject(TomlDocument.Read(bytes, "x")) is null)
        {
            SettingFileReader.Read(bytes, "x", SettingLevel.User, "/home/pat");
        }
    }

    static void ReadLock(byte[] bytes)
    {
        var file = Lockfile.Parse(bytes, "x");
        var written = file.ToBytes();
        Assert.Equal(written, Lockfile.Parse(written, "written").ToBytes());
        _ = LockCheck.Differences(file, [.. file.Packages.Take(1).Select(p => new LockedWish(p.Tree, new LockedNeed(p.Id.Name, VersionRequirement.Any, IsPrivate: false), p.Source))], _ => null);
        Assert.Equal(file.Packages.Length, BuildOrder.Of(file).Count);
    }

    static void Check(TomlTable table, int length)
    {
        foreach (var entry in table.Entries)
        {
            Assert.InRange(entry.KeySpan.End, entry.KeySpan.Start, length);
            Assert.InRange(entry.Value.Span.End, entry.Value.Span.Start, length);
            if (entry.Value.Kind is TomlKind.Table)
            {
                Check(entry.Value.Table, length);
            }
        }
    }

    /// <summary>After each edit the document is TOML and says what was set.</summary>
    static void Edit(byte[] bytes)
    {
        var keys = TomlDocument.Read(bytes, "x").Root.Entries.ToArray();
        try
        {
            Edit(bytes, keys);
        }
        catch (PackageFormatException e) when (e.Code is not "PM2102")
        {
            Assert.Fail($"the edit made {e.Message}");
        }
    }

    static void Edit(byte[] bytes, TomlEntry[] keys)
    {
        foreach (var entry in keys)
        {
            var editor = new TomlEditor(bytes, "x");
            Assert.True(editor.Remove([entry.Key]));
            Assert.Null(editor.Document.Root.Find(entry.Key));
            if (entry.Value.Kind is TomlKind.Array)
            {
                editor = new TomlEditor(bytes, "x");
                editor.AppendTable([entry.Key], [KeyValuePair.Create("new", TomlExpression.Of(1))]);
                Assert.Equal(entry.Value.Array.Count + 1, editor.Document.Root.Find(entry.Key)!.Value.Value.Array.Count);
                for (var i = entry.Value.Array.Count; i >= 0; i--)
                {
                    Assert.True(editor.Remove([entry.Key, i]));
                }
            }
            else if (entry.Value.Kind is TomlKind.Table)
            {
                editor = new TomlEditor(bytes, "x");
                editor.Set([entry.Key, "new table", "new"], TomlExpression.Of("v"));
                editor.Set([entry.Key, "new"], TomlExpression.Of("v"));
                Assert.Equal(entry.Value.Table.Count + 2, editor.Document.Root.Find(entry.Key)!.Value.Value.Table.Count);
            }
        }

        var root = new TomlEditor(bytes, "x");
        root.Set(["new"], TomlExpression.Of("v"));
        Assert.Equal("v", root.Document.Root.Find("new")!.Value.Value.Text);
    }
}
