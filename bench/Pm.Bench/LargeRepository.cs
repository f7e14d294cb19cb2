using System.Globalization;
using System.Text;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Pkg;
using Pm.Repositories;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Bench;

/// <summary>
/// A repository of many packages, the same for the same number. Its metadata is written by the code that publishes; the
/// packages behind it are names and hashes, but for those that are published on top.
/// </summary>
sealed class LargeRepository
{
    static readonly string[] Subjects =
    [
        "json", "http", "crypto", "image", "audio", "video", "matrix", "graph", "parser", "terminal", "editor", "compiler", "kernel",
        "driver", "font", "theme", "database", "queue", "cache", "proxy", "mail", "calendar", "game", "physics", "chemistry", "genome",
        "weather", "map", "router", "firewall", "monitor", "backup", "archive", "search", "index", "shell", "python", "ruby", "perl",
        "rust", "haskell", "ocaml", "java", "kotlin", "swift", "tcl", "lua", "scheme", "prolog", "fortran", "cobol", "ada", "zig",
        "unicode", "regex", "yaml", "toml", "xml", "csv", "pdf", "latex", "markdown", "wiki", "blog", "forum", "chat", "irc", "xmpp",
    ];

    static readonly string[] Kinds =
        ["lib", "tool", "server", "client", "plugin", "daemon", "bindings", "data", "doc", "dev", "common", "utils", "extra", "core"];

    static readonly string[] Fillers =
    [
        "fast", "small", "simple", "portable", "modern", "friendly", "for", "with", "support", "of", "the", "a", "reads", "writes", "shows",
        "converts", "files", "streams", "records", "networks", "tables", "over", "many", "formats", "commands", "library", "program", "and",
    ];

    readonly Random _random = new(20_000);

    /// <summary>Draws what says nothing: hashes and sizes.</summary>
    readonly Random _rest = new(20_001);
    readonly List<string> _names = [];

    /// <summary>When the repository was made; its clients live at that time, too.</summary>
    internal static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Makes the repository with <paramref name="count"/> versions of packages.</summary>
    /// <param name="path">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="more">Others that it has, too.</param>
    internal static DirectoryRepository Make(string path, int count, IEnumerable<AvailablePackage>? more = null)
    {
        var access = new RepositoryAccess("bench", TimeProvider.System);
        var repository = DirectoryRepository.Init(path, new RoleLifetimes(), access);
        var generator = new LargeRepository();
        using var writer = RepositoryWriter.Open(path, access);
        var state = RepositoryState.Load(writer.Served);
        new MetadataCommit(writer, new RepositorySettings(), Now, state.Root).Publish(
            state, Enumerable.Range(0, count).Select(generator.Package).Concat(more ?? []).Select(generator.Target).ToDictionary());
        return repository;
    }

    /// <summary>What a repository of that number says of its packages.</summary>
    internal static IEnumerable<AvailablePackage> Described(int count)
    {
        var generator = new LargeRepository();
        return Enumerable.Range(0, count).Select(generator.Package);
    }

    /// <summary>A real package that can be published and installed: one command, and a dependency on another such package.</summary>
    internal static string Package(string directory, string id, string dependency = "")
    {
        var identity = PackageId.Parse(id);
        var blobs = new MemoryBlobs();
        var builder = new PackageBuilder(identity);
        builder.AddMeta("meta/meta.yaml", Encoding.UTF8.GetBytes(
            $"name: {identity.Name}\nversion: \"{identity.Version}\"\ndescription: a package of the benchmark\n{(dependency.Length > 0 ? $"deps: [{dependency}]\n" : "")}"));
        builder.AddFile($"bin/{identity.Name}", blobs.Add(Encoding.UTF8.GetBytes($"#!/bin/sh\necho {id}\n")), 0x1ed);
        var package = builder.Build();
        blobs.Add(package.MetaFar.Span);
        var path = Path.Combine(directory, $"{identity.FileText}.pkg");
        using var target = File.Create(path);
        using var scratch = new MemoryStream();
        PkgWriter.Write(target, scratch, package, blobs.Open, new PkgWriteOptions { Compression = Compression.Zstandard });
        return path;
    }

    /// <summary>Takes anything: who signs what is measured elsewhere.</summary>
    internal static PublishOptions Unsigned => new()
    {
        Judge = static (_, _) => new SignerDecision.Refused("PM3001", "not signed", null),
        AllowsUnsigned = true,
    };

    /// <summary>Every sixth is a second version of the one before it.</summary>
    AvailablePackage Package(int number)
    {
        var isSecond = number % 6 == 5;
        if (!isSecond)
        {
            _names.Add(Name(number));
        }

        return Available(PackageId.Parse($"{_names[^1]}@{(isSecond ? 2 : 1)}.{_random.Next(20)}.{_random.Next(10)}"));
    }

    KeyValuePair<string, TargetFile?> Target(AvailablePackage package)
    {
        var target = new PublishedTarget(package with { Hash = Root() })
        {
            MetaSizeInBytes = 12_288,
            BlobList = (Root(), 2_000 + _rest.Next(20_000)),
            PkgDigest = Sha256Digest.Of(Bytes()),
        };
        var file = new TargetFile(12_288, FileHashes.OfSha512(Bytes()), PublishedText.Of(target));
        return KeyValuePair.Create(target.TargetPath, (TargetFile?)file);
    }

    AvailablePackage Available(PackageId id) => new(id)
    {
        Description = string.Join(' ', Enumerable.Range(0, 5 + _random.Next(8)).Select(_ => Pick(_random.Next(4) == 0 ? Subjects : Fillers))),
        SizeInBytes = _random.Next(10_000_000),
        DownloadSize = _random.Next(3_000_000),
        Dependencies = [.. Enumerable.Range(0, _random.Next(5)).Select(_ => Dependency.Parse(_names[_random.Next(_names.Count)])).Distinct()],
        Provides = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => $"{Pick(Subjects)}-{_random.Next(1000)}")],
        Signer = "FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C",
    };

    string Name(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(_random.Next(8) == 0 ? Pick(Subjects) + "/" : "")}{Pick(Kinds)}-{Pick(Subjects)}-{Pick(Subjects)}{number}");

    string Pick(string[] words) => words[_random.Next(words.Length)];

    MerkleRoot Root() => MerkleRoot.Of(Bytes());

    byte[] Bytes()
    {
        var bytes = new byte[16];
        _rest.NextBytes(bytes);
        return bytes;
    }
}
