using System.Text;
using Pm.Packages;
using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;

namespace Pm.Cli.Tests.Hostile;

/// <summary>Every attack on package managers that is known by a name.</summary>
static class AttackTable
{
    const string NotSigned = "- its list is not signed: `pm pull` says so each time, and that an old one cannot be told";
    const string HasNoRoles = "- it has no roles, only the publishers' keys";

    const string NoGitList = "- nothing of it is signed: who serves it says what a branch is, and `pm update` shows from which commit to which it goes";
    const string NoGitMirror = "- a git repository has one place";
    const string NoGitIndex = "- it has no index: a project names it by its URL, and what it needs stands in its own manifest";
    const string NoGitSigner = "- nobody signs it: `pm.lock` has its commit, which names all its content by a hash";

    const string NoOciTag = "- a tag is what its registry says it is, and `--trust` believes it; `@sha256:` names one state for ever";
    const string NoOciMirror = "- a registry has one place";
    const string NoOciName = "- it has no index: a package is installed by its URL, under the name and with the dependencies that its publisher signed";
    const string NoOciRoles = "- it has no roles, only the publishers' keys";

    const string IsNear = "- of a directory the files of a package are read, not its `.pkg`";

    /// <summary>Nobody trusts her.</summary>
    static readonly SimulatedPublisher Mallory = new("Mallory <ann@example.org>");

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("rollback", "old metadata, correctly signed, is served again", "versions never fall, for each role and each entry of the snapshot", RollBackAsync)
        {
            Web = "PM3021", Directory = "PM3021", Plain = "old", Words = @"rollback attack refused: version \d+ is trusted, got \d+",
            Git = NoGitList,
            Oci = NoOciTag,
        },
        new("freeze", "the same state is served for ever", "each state is signed for a limited time only, held against one time at the start", StateLies.FreezeAsync)
        {
            Web = "PM3022", Directory = "PM3022", Plain = NotSigned, Words = @"frozen since \S+ \S+ \(freeze attack, or not maintained\): version 1 expired \d+ days ago",
            Git = NoGitList,
            Oci = NoOciTag,
        },
        new("mix-and-match", "files of several states are put together", "the snapshot binds versions, lengths and hashes of all of them; a state is taken whole or not at all", MixAsync)
        {
            Web = "PM3024", Directory = "PM3024", Plain = NotSigned, Words = "mix-and-match attack refused: expected .* got",
            Git = "- a commit names all its content by one hash",
            Oci = "PM6004/PM6067", OciWords = "expected sha256 .*, got|expected .* bytes", BeginOciAsync = MixPartsAsync,
        },
        new("wrong software", "a package that is validly signed is delivered as another", "name and version inside of the signed package are what was asked for", DeliverAnotherAsync)
        {
            Web = "PM7501", Directory = "PM6006", Plain = "PM7501", Words = @"asked for tool@900\.0\.0, got other@9\.0\.0 \(validly signed\)",
            Git = "PM7221", GitWords = "lib: the package at .* is called other", BeginGitAsync = DeliverAnotherAsync,
            Oci = NoOciName,
        },
        new("extraneous dependencies", "the index names dependencies that pull in what nobody needs", "the dependencies that the publisher signed have to be those of the index", AddDependencyAsync)
        {
            Web = "PM7502", Directory = "PM7502", Plain = "PM7502", Words = @"says that tool@900\.0\.0 needs \[other\], its publisher expected \[\]",
            Git = NoGitIndex,
            Oci = NoOciName,
        },
        new("endless data", "a file does not end", "no file is read beyond its signed length, or a limit where it has none", EndlesslyAsync)
        {
            Web = "PM6004", Directory = "PM6004", Plain = "PM6004", Words = "longer than the .* bytes allowed .endless data attack refused|expected at most 16384 bytes, got 1099511627776",
            Git = "PM7205", GitWords = "does not fit into the memory", BeginGitAsync = story => LieAsync(story, Lies.EndlessBodyAsync),
            Oci = "PM6004", OciWords = "endless data attack refused", BeginOciAsync = story => LieAsync(story, Lies.EndlessBodyAsync, "layer"),
        },
        new("slow retrieval", "a file comes byte by byte", "a least rate over each half minute, a deadline for each file, another mirror", SlowlyAsync)
        {
            Web = "PM6003", Directory = "- the kernel gives a file's bytes when it is asked for them", Plain = "PM6003", Words = "too slow: expected at least|no answer within 30 seconds|the answer ended after",
            Git = "PM7205", GitWords = "Operation too slow", BeginGitAsync = story => LieAsync(story, Lies.SlowBodyAsync, isHasty: true),
            Oci = "PM6003", OciWords = "too slow: expected at least|no answer within 30 seconds|the answer ended after", BeginOciAsync = story => LieAsync(story, Lies.SlowBodyAsync, "layer"),
        },
        new("key compromise below the threshold", "who stole one key of two signs with it", "thresholds count distinct keys of the role", SignWithOneOfTwoAsync)
        {
            Web = "PM3023", Directory = "PM3023", Plain = HasNoRoles, Words = @"expected signatures of 2 of root version \d+'s 2 timestamp keys, got 1",
            Git = NoGitSigner,
            Oci = NoOciRoles,
        },
        new("malicious mirror", "a mirror alters what it likes", "nothing hangs on who answered: what is wrong from one place is asked of the next", BeMaliciousAsync)
        {
            Web = "ok", Directory = "ok", Plain = "ok", HasMirror = true,
            Git = NoGitMirror,
            Oci = NoOciMirror,
        },
        new("impostor", "a mirror puts a package of the same name there that somebody else signed", "whoever signed it: bytes that the repository does not name come from elsewhere", story => ImpersonateAsync(story, Mallory.Sign))
        {
            Web = "ok", Directory = IsNear, Plain = "ok", HasMirror = true,
            Git = NoGitMirror,
            Oci = "PM3004", OciWords = "signed by the unknown key", BeginOciAsync = story => story.PublishAsync(new SimulatedPackage("tool@900.0.0", sign: Mallory.Sign).Pkg),
        },
        new("impostor without a signature", "a mirror puts a package of the same name there that nobody signed", "whoever signed it: bytes that the repository does not name come from elsewhere", story => ImpersonateAsync(story, null))
        {
            Web = "ok", Directory = IsNear, Plain = "ok", HasMirror = true,
            Git = NoGitMirror,
            Oci = "PM3001", OciWords = "not signed", BeginOciAsync = story => story.PublishAsync(new SimulatedPackage("other@900.0.0").Pkg),
        },
        new("another's signature", "of two publishers whom the user trusts, a mirror lays the one's signature beside the other's package", "whose package it is the repository says", LayAnothersAsync)
        {
            Web = "ok", Directory = "ok", Plain = "- its packages come as `.pkg`, with the signature in it", HasMirror = true,
            Git = NoGitMirror,
            Oci = "- its packages come as `.pkg`, with the signature in it",
        },
        new("replay", "an old package with known holes is delivered as the new one", "length and hash are signed for each version; in a plain remote name and version in the package", ReplayAsync)
        {
            Web = "PM6006", Directory = "PM6006", Plain = "PM7501", Words = @"expected (sha256|sha512|\d+ bytes).* got|asked for tool@\d+\.0\.0, got tool@1\.0\.0 \(validly signed\)",
            Git = "PM7201", GitWords = "changed a tag after locking: `v1` was commit .*, and is .* now", BeginGitAsync = MoveTagAsync,
            Oci = "PM6067", OciWords = "the registry gave other bytes than it named: expected sha256 .*, got", BeginOciAsync = ReplayAsync, OciCommand = story => ["install", "--yes", $"{story.PackageReference}@{story.Promised}"],
        },
        new("first trust", "on first contact another root is shown", "the root's fingerprint is given, or shown and confirmed; never taken silently", story => Task.CompletedTask)
        {
            Web = "PM3025", Directory = "PM3025", Plain = HasNoRoles, Words = "no root has the fingerprint 0{64}; its newest has [0-9a-f]{64}",
            Command = story => ["remote", "add", "--name", "new", "--fingerprint", new string('0', 64), story.MirrorLocation],
            Git = NoGitSigner,
            Oci = "- it has no root; whose package it is its signature says",
        },
        new("silent first trust", "a script adds a remote, and nobody compares", "without a terminal nothing is trusted that was not named", story => Task.CompletedTask)
        {
            Web = "PM1003", Directory = "PM1003", Plain = HasNoRoles, Words = "an answer is needed, but standard input is not a terminal",
            Command = story => ["remote", "add", "--name", "new", story.MirrorLocation],
            Git = NoGitSigner,
            Oci = "PM1104", OciWords = "oci://", BeginOciAsync = story => story.PublishNextAsync(), OciCommand = story => ["install", "--yes", story.PackageReference],
        },
        new("namespace confusion", "a public remote takes the name of a private package, with a higher version", "a name belongs to the first remote that has it; what is installed stays with its remote", ConfuseAsync)
        {
            Web = "old", Directory = "old", Plain = "old",
            Git = NoGitIndex,
            Oci = NoOciName,
        },
        new("look-alike version", "a pre-release or a build tag poses as newer", "one order of versions, in which they are not", LookAlikeAsync)
        {
            Web = "old", Directory = "old", Plain = "old",
            Git = NoGitIndex,
            Oci = NoOciTag,
        },
        new("clear-signed splitting", "text outside of what is signed stands where the signed text is looked for", "signatures are detached, and only the bytes that they cover are read", SplitAsync)
        {
            Web = "PM3002", Directory = "PM3002", Plain = "PM3002", Words = "tool@900.0.0 from .*: .+",
            Git = NoGitSigner,
            Oci = "PM3002", OciWords = "it holds no OpenPGP signature", BeginOciAsync = story => story.PublishAsync(new SimulatedPackage("tool@900.0.0", sign: _ => HostileStory.Publisher.ClearSign("nothing of importance\n")).Pkg),
        },
        new("split metadata", "a metadata file has two parts that could be the signed one", "no member may stand twice in an object", SplitMetadataAsync)
        {
            Web = "PM3020", Directory = "PM3020", Plain = NotSigned, Words = "timestamp.json:.*twice|timestamp.json:.*duplicate",
            Git = NoGitSigner,
            Oci = "PM6063", OciWords = "twice|duplicate", BeginOciAsync = SplitManifestAsync,
        },
        new("provenance downgrade", "the update of a signed package is not signed", "\"missing\" is not \"good\": whose signature is missing is refused", LeaveUnsignedAsync)
        {
            Web = "PM3001", Directory = "PM3001", Plain = "PM3001", Words = "tool@900.0.0 from .*: not signed",
            Git = NoGitSigner,
            Oci = "PM3001", OciWords = "not signed", BeginOciAsync = story => story.PublishAsync(new SimulatedPackage("tool@900.0.0").Pkg),
        },
    ];

    static async Task RollBackAsync(HostileStory story)
    {
        story.PublishNext();
        await story.MustAsync("pull", "-q");
        await story.MustAsync("update", "-q");
        story.Repository.Restore(story.Previous);
        story.ServeWhatIs();
    }

    static Task MixAsync(HostileStory story)
    {
        story.PublishNext();
        story.Repository.Files[$"{story.Repository.TargetsVersion}.targets.json"] = story.Previous["targets.json"];
        story.ServeWhatIs();
        return Task.CompletedTask;
    }

    static Task DeliverAnotherAsync(HostileStory story)
    {
        var other = HostileStory.Signed("other@9.0.0");
        story.Publish(other, said => said with { Id = PackageId.Parse("tool@900.0.0") });
        return Task.CompletedTask;
    }

    static Task AddDependencyAsync(HostileStory story)
    {
        story.Publish(HostileStory.Signed("tool@900.0.0"), said => said with { Dependencies = [new Dependency(PackageName.Parse("other"), null)] });
        story.Repository.Publish(HostileStory.Signed("other@9.0.0"));
        story.ServeWhatIs();
        return Task.CompletedTask;
    }

    static Task EndlesslyAsync(HostileStory story) => TellAsync(story, Lies.EndlessBodyAsync, ServedDirectory.Swell);

    static Task SlowlyAsync(HostileStory story) => TellAsync(story, Lies.SlowBodyAsync, _ => { });

    static Task TellAsync(HostileStory story, Lie lie, Action<string> change)
    {
        story.PublishNext();
        var part = story.Face is RemoteFace.Plain ? ".pkg" : "timestamp.json";
        if (story.Server is { } server)
        {
            server.LiesAbout = path => HostileLie.IsAbout(path, part);
            server.LieAlways = lie;
        }
        else
        {
            story.Files.Change(path => HostileLie.IsAbout(path, part), change);
        }

        return Task.CompletedTask;
    }

    static async Task SignWithOneOfTwoAsync(HostileStory story)
    {
        var repository = story.Repository;
        repository.Keys["timestamp"] = [repository.NewKey(), repository.NewKey()];
        repository.Thresholds["timestamp"] = 2;
        repository.PublishRoot();
        story.PublishNext();
        await story.MustAsync("pull", "-q");
        await story.MustAsync("update", "-q");
        repository.Keys["timestamp"].RemoveAt(1);
        story.Publish(HostileStory.Signed("tool@900.0.0"));
    }

    static Task BeMaliciousAsync(HostileStory story)
    {
        story.PublishNext();
        var wrong = Lies.EverChanging();
        if (story.Server is { } server)
        {
            server.LieAlways = answer => answer.Content is null ? Truth.TellAsync(answer) : wrong(answer);
        }
        else
        {
            story.Files.Change(_ => true, ServedDirectory.Alter);
        }

        return Task.CompletedTask;
    }

    static Task ImpersonateAsync(HostileStory story, Func<ReadOnlyMemory<byte>, byte[]>? sign)
    {
        story.PublishNext();
        var own = new RepositorySimulator(story.Clock.GetUtcNow()) { Publisher = Mallory };
        own.Publish(new SimulatedPackage(story.Published, sign: sign));
        var name = $"{story.Published.Replace('@', '-')}.pkg";
        story.Repository.Files[name] = own.Files[name];
        story.ServeWhatIs();
        return Task.CompletedTask;
    }

    static async Task LayAnothersAsync(HostileStory story)
    {
        await story.MustAsync("key", "import", "-q", "--trust", story.Write("mallory.asc", Mallory.PublicKey));

        // So large that its blobs are fetched one by one.
        story.PublishNext(noise: 2_000_000);
        foreach (var path in story.Repository.Files.Keys.Where(path => path.EndsWith("/manifest.sha256", StringComparison.Ordinal)).ToList())
        {
            story.Repository.Files[$"{path}.asc"] = Mallory.Sign(story.Repository.Files[path]);
        }

        story.ServeWhatIs();
    }

    static Task ReplayAsync(HostileStory story)
    {
        story.PublishNext();
        var files = story.Repository.Files;
        var name = story.Published.Replace('@', '-');
        files[$"{name}.pkg"] = files["tool-1.0.0.pkg"];
        var old = story.Previous.Single(file => file.Key.StartsWith("targets/", StringComparison.Ordinal)).Value;
        foreach (var path in files.Keys.Where(path => path.StartsWith("targets/", StringComparison.Ordinal)).ToList())
        {
            files[path] = old;
        }

        story.ServeWhatIs();
        return Task.CompletedTask;
    }

    static async Task ConfuseAsync(HostileStory story)
    {
        var repository = new RepositorySimulator(story.Clock.GetUtcNow()) { Publisher = HostileStory.Publisher };
        repository.Publish(HostileStory.Signed("tool@999.0.0"));
        await story.AddRemoteAsync("public", repository.Save());
    }

    static Task LookAlikeAsync(HostileStory story)
    {
        story.Repository.Targets.Clear();
        story.Repository.Publish(
            HostileStory.Signed("tool@1.0.0-rc.99"), HostileStory.Signed("tool@1.0.0-zzz"), HostileStory.Signed("tool@1.0.0+999"), HostileStory.Signed("tool@0.999.0"));
        story.ServeWhatIs();
        return Task.CompletedTask;
    }

    static Task SplitAsync(HostileStory story)
    {
        // What is signed is harmless, and stands where it is; what is read lies beside it.
        story.Publish(new SimulatedPackage("tool@900.0.0", sign: _ => HostileStory.Publisher.ClearSign("nothing of importance\n")));
        return Task.CompletedTask;
    }

    static Task SplitMetadataAsync(HostileStory story)
    {
        story.PublishNext();
        var text = Encoding.UTF8.GetString(story.Repository.Files["timestamp.json"]);
        var signed = text[text.IndexOf("\"signed\":", StringComparison.Ordinal)..text.LastIndexOf('}')].TrimEnd().TrimEnd(',');
        story.Repository.Files["timestamp.json"] = Encoding.UTF8.GetBytes($"{{{signed},{text.TrimStart('{')}");
        story.ServeWhatIs();
        return Task.CompletedTask;
    }

    static Task LeaveUnsignedAsync(HostileStory story)
    {
        story.Publish(new SimulatedPackage("tool@900.0.0"));
        return Task.CompletedTask;
    }

    /// <summary>At the place of a package there is another one.</summary>
    static async Task DeliverAnotherAsync(GitStory story)
    {
        await story.BeginAsync();
        story.PublishNext(name: "other");
    }

    static async Task LieAsync(GitStory story, Lie lie, bool isHasty = false)
    {
        await story.BeginAsync();
        story.PublishNext();
        story.IsHasty = isHasty;
        story.Server.LieAlways = lie;
    }

    static async Task LieAsync(RegistryStory story, Lie lie, string part)
    {
        await story.PublishNextAsync();
        story.BeginLying(lie, part);
    }

    /// <summary>The manifest of what is new, and the parts of what was before.</summary>
    static async Task MixPartsAsync(RegistryStory story)
    {
        await story.PublishNextAsync();
        story.BeginLying(Lies.Another(_ => story.OldPackage), "layer");
    }

    /// <summary>By the digest of what is new what was before is given.</summary>
    static async Task ReplayAsync(RegistryStory story)
    {
        await story.PublishNextAsync();
        var old = story.Registry.Find(RegistryStory.ManifestPath("tool"))!;
        await story.PublishNextAsync();
        story.BeginLying(Lies.Another(_ => old), "manifest");
    }

    /// <summary>A manifest with two lists of layers, of which either could be meant.</summary>
    static async Task SplitManifestAsync(RegistryStory story)
    {
        await story.PublishNextAsync();
        story.BeginLying(answer => Lies.Another(_ => [.. "{\"layers\":[],"u8, .. answer.Content!.AsSpan(1)])(answer), "manifest");
    }

    /// <summary>The tag that was locked is set to another commit.</summary>
    static async Task MoveTagAsync(GitStory story)
    {
        story.Upstream.Git("tag", "v1");
        await story.BeginAsync("tag = \"v1\"");
        story.PublishNext();
        story.Upstream.Git("tag", "--force", "v1");
        story.ForgetSources();
        story.Command = ["install"];
    }
}
