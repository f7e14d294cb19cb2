using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Stages.Building;
using Xunit;

namespace Pm.Stages.Tests.Building;

public sealed class PackageBuildTests
{
    [Fact]
    public async Task What_a_script_installs_becomes_a_package_that_says_what_the_manifest_says()
    {
        using var sandbox = new BuildSandbox(
            """
            [package]
            name = "acme/tool"
            version = "1.2.0"
            description = "does it"
            license = "MIT"
            provides = ["frob"]

            [dependencies]
            lib = "^1.2"
            any = "*"
            extra = { version = "2", optional = true }

            [dependencies.private]
            hidden = ">=3"

            [build-dependencies]
            compiler = "1"

            [build]
            command = 'mkdir -p "$OUT/bin"; cp tool.sh "$OUT/bin/tool"; ln -s tool "$OUT/bin/other"'
            """);
        sandbox.Write("tool.sh", "#!/bin/sh\n", isExecutable: true);

        var built = await sandbox.BuildAsync();

        Assert.Equal(["bin/other", "bin/tool"], BuildSandbox.Paths(built));
        Assert.Equal(0b111_101_101, built.Package.Entries.Single(e => e.Path == "bin/tool").Mode);
        var said = built.Package.Description!;
        Assert.Equal(("acme/tool", "1.2.0", "does it", "MIT"), (said.Name.Text, said.Version.Text, said.Description, said.Licence));
        Assert.Equal(["frob"], said.Provides);
        Assert.Equal(["any *", "hidden >=3", "lib ^1.2"], said.Requires.Select(r => $"{r.Key} {r.Value}"));
        Assert.Equal(Path.Join(sandbox.Cache, built.InputHash, "acme--tool-1.2.0.pkg"), built.File);
        Assert.False(built.IsCached);
    }

    [Fact]
    public async Task What_was_built_of_the_same_is_found_and_nothing_is_run()
    {
        using var sandbox = BuildSandbox.OfScript("echo built > $OUT/file");
        var first = await sandbox.BuildAsync();
        var log = File.ReadAllText(first.Log!);

        var second = await sandbox.BuildAsync();

        Assert.Contains("$ sh -e -c", log, StringComparison.Ordinal);
        Assert.True(second.IsCached);
        Assert.Null(second.Log);
        Assert.Equal((first.Package.Hash, first.File, first.InputHash), (second.Package.Hash, second.File, second.InputHash));
    }

    [Theory]
    [InlineData("the source")]
    [InlineData("the manifest")]
    [InlineData("a mode")]
    [InlineData("an input")]
    [InlineData("an asked-for fresh build")]
    [InlineData("damage of the cache")]
    public async Task What_changed_is_built_again(string what)
    {
        using var sandbox = BuildSandbox.OfScript("cp data $OUT/data; test ! -x data || touch $OUT/may-run");
        sandbox.Write("data", "one");
        var first = await sandbox.BuildAsync();
        var (options, request) = (sandbox.Options, sandbox.Request());
        switch (what)
        {
            case "the source":
                sandbox.Write("data", "two");
                break;
            case "the manifest":
                request = request with
                {
                    Manifest = Packages.Manifests.Manifest.Parse("package = { name = 'tool', version = '1.0.1' }\nbuild.command = 'cp data $OUT/data'"u8.ToArray(), "pm.toml"),
                };
                break;
            case "a mode":
                sandbox.Write("data", "one", isExecutable: true);
                break;
            case "an input":
                request = request with { Dependencies = [Needed("lib", 1)] };
                break;
            case "damage of the cache":
                await File.WriteAllTextAsync(first.File, "damage", TestContext.Current.CancellationToken);
                break;
            default:
                options = options with { IsFresh = true };
                break;
        }

        var second = await sandbox.BuildAsync(options, request);

        Assert.False(second.IsCached);
        Assert.True(File.Exists(second.File));
        Assert.Equal(what is "an asked-for fresh build" or "damage of the cache", first.Package.Hash == second.Package.Hash);
        Assert.True((await sandbox.BuildAsync(request: request)).IsCached);
    }

    [Fact]
    public async Task A_source_whose_identity_is_known_is_not_read_to_find_that_nothing_changed()
    {
        using var sandbox = BuildSandbox.OfScript("cp data $OUT/data");
        sandbox.Write("data", "one");
        var known = sandbox.Request() with { Source = "tree 1" };
        var first = await sandbox.BuildAsync(request: known);
        sandbox.Write("data", "two");

        Assert.True((await sandbox.BuildAsync(request: known)).IsCached);
        Assert.False((await sandbox.BuildAsync(request: known with { Source = "tree 2" })).IsCached);

        // Where it came from is no part of what it is.
        sandbox.Write("data", "one");
        Assert.Equal(first.Package.Hash, (await sandbox.BuildAsync()).Package.Hash);
    }

    [Fact]
    public async Task The_same_source_gives_the_same_package_wherever_it_lies()
    {
        // The scratch directory is the machine's own here, as it is for users.
        const string Manifest = "package = { name = 'pm-test-same', version = '1.0.0', files = ['share'] }\nbuild.preset = 'make'\n";
        Assert.SkipWhen(ProgramPath.Find("cc", "/usr/bin:/bin") is null || ProgramPath.Find("make", "/usr/bin:/bin") is null, "there is no cc or make here");
        var hashes = new List<string>();
        for (var machine = 0; machine < 2; machine++)
        {
            using var sandbox = new BuildSandbox(Manifest);
            sandbox.Write("Makefile", "hello: hello.c\n\t$(CC) -g -o $@ $<\ninstall: hello\n\tinstall -D hello $(DESTDIR)$(PREFIX)/bin/hello\n");
            sandbox.Write("hello.c", "#include <stdio.h>\nint main(void) { puts(__FILE__ \" \" __DATE__ \" \" __TIME__); return 0; }\n");
            sandbox.Write("share/data", "data");
            if (machine == 1)
            {
                // What git would not keep.
                Directory.CreateDirectory(Path.Join(sandbox.Project, "empty"));
                sandbox.Write(".git/HEAD", "ref");
                sandbox.Write(".pm/own/var/x", "state");
                sandbox.Write("pm-test-same-0.9.0.pkg", "an older package");
                File.SetUnixFileMode(Path.Join(sandbox.Project, "hello.c"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            var built = await sandbox.BuildAsync(sandbox.Options with { Scratch = "/var/tmp", Jobs = machine + 1 });
            Assert.Equal(["bin/hello", "share/data"], BuildSandbox.Paths(built));
            hashes.Add(built.Package.Hash.ToString());
        }

        Assert.Equal(hashes[0], hashes[1]);
        Assert.False(Directory.Exists("/var/tmp/pm-build-pm-test-same"));
    }

    [Fact]
    public async Task Two_builds_of_one_machine_differ_in_nothing()
    {
        using var sandbox = BuildSandbox.OfScript("for i in 3 1 2; do echo $i > $OUT/$i; done; date > $OUT/date -r pm.toml; env | sort > $OUT/env; stat -c %y pm.toml > $OUT/time");

        var first = await sandbox.BuildAsync();
        var second = await sandbox.BuildAsync(sandbox.Options with { IsFresh = true });

        Assert.Equal(first.Package.Hash, second.Package.Hash);
    }

    [Fact]
    public async Task A_build_sees_an_environment_of_its_own()
    {
        using var sandbox = new BuildSandbox(
            """
            package = { name = 'tool', version = '1.0.0' }
            build.command = ['sh', '-c', 'umask > $OUT/umask; pwd > $OUT/pwd; env > $OUT/env; if read line; then exit 9; fi']
            build.env = { CFLAGS = '-O3', LANG = 'C' }
            """);
        var built = await sandbox.BuildAsync();

        var work = Path.Join(sandbox.Scratch, "pm-build-tool/work");
        Assert.Equal("0022\n", BuildSandbox.Read(built, "umask"));
        Assert.Equal($"{work}/source\n", BuildSandbox.Read(built, "pwd"));
        var variables = BuildSandbox.Read(built, "env").Split('\n');
        Assert.Superset(
            new HashSet<string>
            {
                $"OUT={work}/out", $"HOME={work}/home", $"TMPDIR={work}/tmp", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "SOURCE_DATE_EPOCH=315532800", "LANG=C", "TZ=UTC", "PM_NAME=tool", "PM_VERSION=1.0.0", "PM_JOBS=2", "CFLAGS=-O3",
            },
            new HashSet<string>(variables));
        Assert.DoesNotContain(variables, v => v.StartsWith("USER=", StringComparison.Ordinal) || v.StartsWith("PM_VECTORS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_build_reaches_no_network_and_changes_nothing_outside_its_scratch_directory()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        using var sandbox = BuildSandbox.OfScript(
            $"""
            if bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'; then echo reached > $OUT/reached; fi
            for d in "$PROJECT" "$CACHE" "$SCRATCH/pm-build-tool"; do
              if echo x > "$d/written"; then echo "$d" >> $OUT/written; fi
            done
            if rm -f "$PROJECT/data"; then echo removed >> $OUT/written; fi
            touch $HOME/a $TMPDIR/b c
            echo done > $OUT/done
            """);
        sandbox.Write("data", "as it was");
        sandbox.Write("pm.toml", $"{File.ReadAllText(Path.Join(sandbox.Project, "pm.toml"))}env = {{ PROJECT = '{sandbox.Project}', CACHE = '{sandbox.Cache}', SCRATCH = '{sandbox.Scratch}' }}\n");
        var before = sandbox.Picture();

        var built = await sandbox.BuildAsync();

        Assert.Equal(["done"], BuildSandbox.Paths(built));
        Assert.False(server.Pending());
        Assert.Equal(before, sandbox.Picture());
        Assert.Empty(sandbox.Notes);
    }

    [Fact]
    public async Task A_source_that_nobody_may_write_to_is_built()
    {
        using var sandbox = BuildSandbox.OfScript("cp deep/data $OUT/data; echo more > deep/more");
        sandbox.Write("deep/data", "x");
        const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        File.SetUnixFileMode(Path.Join(sandbox.Project, "deep"), ReadOnly);
        File.SetUnixFileMode(sandbox.Project, ReadOnly);
        try
        {
            Assert.Equal(["data"], BuildSandbox.Paths(await sandbox.BuildAsync()));
        }
        finally
        {
            File.SetUnixFileMode(sandbox.Project, ReadOnly | UnixFileMode.UserWrite);
            File.SetUnixFileMode(Path.Join(sandbox.Project, "deep"), ReadOnly | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_command_that_fails_is_told_with_the_end_of_its_log_and_where_all_of_it_is()
    {
        using var sandbox = BuildSandbox.OfScript("for i in $(seq 1 100); do echo line $i; done; printf 'bad \\033[31mred\\n' >&2; exit 3");

        var error = await sandbox.FailAsync();

        Assert.Equal("PM7301", error.Code);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 100\n", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line 80\n", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error.Message);
        var log = Path.Join(sandbox.Cache, "failed/tool-1.0.0.log");
        Assert.Contains(log, error.Hint, StringComparison.Ordinal);
        Assert.Contains("line 1\n", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Scratch));
        Assert.Equal(["failed"], Directory.GetFileSystemEntries(sandbox.Cache).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_command_that_does_not_end_is_ended()
    {
        using var sandbox = BuildSandbox.OfScript("sleep 1000");

        var error = await sandbox.FailAsync(sandbox.Options with { TimeLimit = TimeSpan.FromMilliseconds(300) });

        Assert.Equal("PM7301", error.Code);
        Assert.Contains("no end in time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_gives_up_leaves_nothing_behind()
    {
        using var sandbox = BuildSandbox.OfScript("echo started > $HOME/started; sleep 1000");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var build = new PackageBuild(sandbox.Options).RunAsync(sandbox.Request(), cancellation.Token);
        var started = Path.Join(sandbox.Scratch, "pm-build-tool/work/home/started");
        await Until(() => File.Exists(started) || build.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Scratch));
        Assert.Empty(Directory.GetFileSystemEntries(sandbox.Cache));
    }

    [Fact]
    public async Task What_a_killed_build_left_goes_with_the_next_and_what_was_kept_with_the_next_of_its_name()
    {
        using var sandbox = BuildSandbox.OfScript("echo x > $OUT/x");
        var left = Path.Join(sandbox.Scratch, "pm-build-other");
        Directory.CreateDirectory(Path.Join(left, "work/deep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(left, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Path.Join(sandbox.Cache, ".pm-tmp-999999999-1"));

        var built = await sandbox.BuildAsync(sandbox.Options with { Keeps = true });

        Assert.Equal(Path.Join(sandbox.Scratch, "pm-build-tool"), built.Kept);
        Assert.Equal(["pm-build-tool"], Directory.GetFileSystemEntries(sandbox.Scratch).Select(Path.GetFileName));
        Assert.True(File.Exists(Path.Join(built.Kept, "work/source/pm.toml")));
        Assert.Equal([built.InputHash], Directory.GetFileSystemEntries(sandbox.Cache).Select(Path.GetFileName));

        using var another = BuildSandbox.OfScript("echo y > $OUT/y");
        another.Write("pm.toml", "package = { name = 'third', version = '1' }\nbuild.command = 'echo y > $OUT/y'");
        await another.BuildAsync(another.Options with { Scratch = sandbox.Scratch });
        Assert.True(Directory.Exists(built.Kept));
        await sandbox.BuildAsync(sandbox.Options with { IsFresh = true });
        Assert.False(Directory.Exists(built.Kept));
    }

    [Fact]
    public async Task Two_builds_of_one_name_wait_for_each_other_and_one_of_them_runs()
    {
        using var sandbox = BuildSandbox.OfScript("echo x > $OUT/x; sleep 0.3");

        var built = await Task.WhenAll(sandbox.BuildAsync(), sandbox.BuildAsync());

        Assert.Single(built, b => b.IsCached);
        Assert.Equal(built[0].Package.Hash, built[1].Package.Hash);
    }

    [Fact]
    public async Task A_scratch_directory_that_is_somebody_elses_is_not_used()
    {
        using var sandbox = BuildSandbox.OfScript("pwd > $OUT/pwd");
        Directory.CreateSymbolicLink(Path.Join(sandbox.Scratch, "pm-build-tool"), sandbox.Project);
        var before = sandbox.Picture();

        var built = await sandbox.BuildAsync();

        Assert.StartsWith(sandbox.Cache, BuildSandbox.Read(built, "pwd"), StringComparison.Ordinal);
        Assert.Contains("differs", Assert.Single(sandbox.Notes), StringComparison.Ordinal);
        Assert.Equal(before, sandbox.Picture());
    }

    [Fact]
    public async Task Files_are_taken_as_they_are_though_the_build_changes_its_copy()
    {
        using var sandbox = new BuildSandbox(
            "package = { name = 'tool', version = '1.0.0', files = ['share/**/*.txt', 'README.md', 'etc'] }\nbuild.command = 'echo changed > README.md; mkdir $OUT/share; echo b > $OUT/share/built'");
        sandbox.Write("README.md", "read me");
        sandbox.Write("share/a.txt", "a");
        sandbox.Write("share/deep/b.txt", "b");
        sandbox.Write("share/deep/c.bin", "c");
        sandbox.Write("etc/tool/conf", "conf", isExecutable: true);

        var built = await sandbox.BuildAsync();

        Assert.Equal(["README.md", "etc/tool/conf", "share/a.txt", "share/built", "share/deep/b.txt"], BuildSandbox.Paths(built));
        Assert.Equal("read me", BuildSandbox.Read(built, "README.md"));
    }

    [Fact]
    public async Task A_package_of_files_alone_runs_nothing()
    {
        using var sandbox = new BuildSandbox("package = { name = 'data', version = '1.0.0', files = ['share'] }");
        sandbox.Write("share/a", "a");

        var built = await sandbox.BuildAsync();

        Assert.Null(built.Log);
        Assert.Equal(["share/a"], BuildSandbox.Paths(built));
        Assert.False(JsonDocument.Parse(built.Package.MetaFiles["meta/provenance.json"]).RootElement.TryGetProperty("tools", out _));
    }

    [Fact]
    public async Task The_package_says_what_it_was_made_of_and_nothing_of_the_machine()
    {
        using var sandbox = new BuildSandbox(
            "package = { name = 'tool', version = '1.0.0' }\nbuild.command = 'echo x > $OUT/x'\nbuild.env = { B = '2', A = '1' }\nconstraints = { sed = '>=1' }");
        var request = sandbox.Request() with { Dependencies = [Needed("b", 2), Needed("a", 1)] };

        var built = await sandbox.BuildAsync(request: request);

        var text = System.Text.Encoding.UTF8.GetString(built.Package.MetaFiles["meta/provenance.json"].Span);
        var said = JsonDocument.Parse(text).RootElement;
        Assert.StartsWith("source1:", said.GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Equal(["dep a@1.0.0", "dep b@1.0.0"], said.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
        Assert.Equal("""{"A":"1","B":"2"}""", JsonSerializer.Serialize(said.GetProperty("build").GetProperty("env")));
        Assert.Equal(["sed", "sh"], said.GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Matches("^[0-9]+[.]", said.GetProperty("tools")[0].GetProperty("version").GetString());
        Assert.DoesNotContain(sandbox.Cache, text, StringComparison.Ordinal);
        Assert.DoesNotContain("/nowhere", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_build_needs_is_found_in_its_roots_first()
    {
        using var sandbox = BuildSandbox.OfScript("made-up > $OUT/said; echo $CPATH $LIBRARY_PATH $PKG_CONFIG_PATH > $OUT/paths");
        sandbox.Write("deps/bin/made-up", "#!/bin/sh\necho made up\n", isExecutable: true);
        var root = Path.Join(sandbox.Project, "deps");

        var built = await sandbox.BuildAsync(request: sandbox.Request() with { Dependencies = [Needed("deps", 1, root)] });

        Assert.Equal("made up\n", BuildSandbox.Read(built, "said"));
        var at = Path.Join(sandbox.Scratch, "pm-build-tool/roots/0");
        Assert.Equal($"{at}/include {at}/lib {at}/lib/pkgconfig:{at}/share/pkgconfig\n", BuildSandbox.Read(built, "paths"));
    }

    [Fact]
    public async Task What_is_no_longer_used_leaves_the_cache()
    {
        using var sandbox = BuildSandbox.OfScript("cp data $OUT/");
        sandbox.Write("data", "one");
        var first = await sandbox.BuildAsync();
        var later = sandbox.Options with { Now = sandbox.Options.Now + TimeSpan.FromDays(20) };
        sandbox.Write("data", "two");
        var second = await sandbox.BuildAsync(later);
        Assert.True(File.Exists(first.File));

        sandbox.Write("data", "three");
        await sandbox.BuildAsync(later with { Now = later.Now + TimeSpan.FromDays(20) });

        Assert.False(File.Exists(first.File));
        Assert.True(File.Exists(second.File));
    }

    /// <summary>A package that is there for a build, with a hash made of one byte.</summary>
    internal static BuildDependency Needed(string name, byte content, string root = "/nowhere")
    {
        Span<byte> hash = stackalloc byte[32];
        hash.Fill(content);
        return new BuildDependency(new PackageId(PackageName.Parse(name), PackageVersion.Parse("1.0.0")), new MerkleRoot(hash), root);
    }

    static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
