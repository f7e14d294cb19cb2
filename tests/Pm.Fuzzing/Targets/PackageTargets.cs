using Pm.Blobs;
using Pm.Fuzzing.Gear;
using Pm.Packages;
using Pm.Packages.Far;
using Pm.Packages.Yaml;

namespace Pm.Fuzzing.Targets;

/// <summary>The documents of a package.</summary>
static class PackageTargets
{
    public const string Description = """
        name: foo
        version: 2.10
        description: |
          a
           b
        title: "Foo \u00e9"
        deps: [baz, bar@0.9.2]
        requires: {qux: "^1.2"}
        categories: [net, 'system tools']
        provides: [editor]
        commands:
          foo: bin/a
        config: [etc/foo.conf]
        units:
          x:
            command: 'y'
        unknown: [1, {a: ~}]

        """;

    const string Yaml = "# c\n%a: &x\n  - 'one'\n  - \"t\\u0077o\"\n  - {b: c, d: [e, f]}\n? k\n: - v\n  - |\n    literal\n     more\n  - >-\n    folded\n    text\n";

    static readonly Type[] Format = [typeof(PackageFormatException)];

    static string Root { get; } = MerkleRoot.Of("a\n"u8).ToString();

    public static Package Sample { get; } = MakeSample();

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("meta-package", b => Assert.Equal(PackageIdentity.Parse(b), PackageIdentity.Parse(PackageIdentity.ToBytes(PackageIdentity.Parse(b)))))
        {
            Seeds = () => [Meta(Package.IdentityName)],
            Allowed = Format,
            Words = [.. Words.Json, .. Words.Of("\"name\":", "\"version\":", "--")],
            MaximumLength = 8192,
        },
        new("meta-contents", ReadContents)
        {
            Seeds = () => [Meta(Package.ContentsName), []],
            Allowed = Format,
            Words = Words.Hex,
        },
        new("meta-modes", b => Assert.Equal(b, Modes.Parse(b).ToBytes()))
        {
            Seeds = () => [Meta(Package.ModesName), []],
            Allowed = Format,
            Words = [.. Words.Hex, .. Words.Of("0644", "04755", "d 0755 ", "l ", "f 0600 ", "owner=", "group=", "caps=", "root=", "\\x0a", "%20", "\"")],
        },
        new("far", b => FarReader.Open(b))
        {
            Seeds = () => [Sample.MetaFar.ToArray(), FarWriter.ToBytes(new Dictionary<string, ReadOnlyMemory<byte>>())],
            Allowed = Format,
            Words = [.. Words.Binary, .. Words.Of("DIR-----", "DIRNAMES", "DIRHASH-", "\u00c8")],
        },
        new("far-directory", b => FarDirectory.Parse(b, Sample.MetaFar.Length, "x"))
        {
            Seeds = () => [Sample.MetaFar.ToArray()[..0x1000]],
            Allowed = Format,
            Words = [.. Words.Binary, .. Words.Of("DIR-----", "DIRNAMES", "DIRHASH-")],
        },
        new("package", ReadPackage)
        {
            Seeds = () => [Sample.MetaFar.ToArray()],
            Allowed = Format,
            Words = [.. Words.Text, .. Words.Binary, .. Words.Of("meta/bin/pre-install", "meta/modes", "meta/contents")],
        },
        new("package-files", ReadPackageOfParts)
        {
            Seeds = () => [JoinParts()],
            Allowed = Format,
            Words = [.. Words.Hex, .. Words.Yaml],
        },
        new("yaml", b => YamlReader.Read(b, "x"))
        {
            Seeds = Reading.Seeds(Yaml.Replace("%a", "é"), Description, ""),
            Allowed = Format,
            Words = Words.Yaml,
        },
        new("meta-yaml", ReadDescription)
        {
            Seeds = Reading.Seeds(Description, "name: a\nversion: 1.0.0\ndescription: b\n"),
            Allowed = Format,
            Words = [.. Words.Yaml, .. Words.Version],
        },
        new("checksums", ReadChecksums)
        {
            Seeds = Reading.Seeds($"{Root}\ta b\n\\{Root}  a\\\\b\n{Root} *c\r\n", $"{Root}  ./bin/tool\n"),
            Allowed = Format,
            Words = Words.Hex,
        },
    ];

    static byte[] Meta(string name) => Sample.MetaFiles[name].ToArray();

    static Package MakeSample() => new PackageBuilder(PackageId.Parse("foo@2.10")) { KeepsSetId = true }
        .AddMeta(Package.DescriptionName, Reading.Bytes(Description))
        .AddMeta("meta/bin/pre-install", "#!/bin/sh\n"u8.ToArray())
        .AddFile("bin/a", MerkleRoot.Parse(Root), 0x9ed)
        .AddFile("etc/foo.conf", MerkleRoot.Parse(Root), owner: "foo", group: "wheel")
        .AddFile("x=y", MerkleRoot.Parse(Root))
        .AddFile("sbin/ping", MerkleRoot.Parse(Root), 0x1ed, capabilities: "0100000200200000000000000000000000000000")
        .AddSymlink("l", "bin/a")
        .AddDirectory("e", owner: "foo")
        .AddDirectory("f g", 0x1c0)
        .Build();

    static void ReadContents(byte[] bytes)
    {
        var contents = Contents.Parse(bytes);
        Assert.Equal(contents.Entries, Contents.Parse(contents.ToBytes()).Entries);
    }

    static void ReadPackage(byte[] bytes)
    {
        var package = Package.Open(bytes);
        Assert.Equal(MerkleRoot.Of(bytes), package.Hash);
        _ = package.ContentHash;
        foreach (var moment in Enum.GetValues<HookMoment>())
        {
            _ = package.Hook(moment);
        }

        Assert.All(package.Entries, e =>
        {
            Assert.True(PackagePath.IsValid(e.Path));
            _ = package.IsConfiguration(e.Path);
        });
    }

    /// <summary>The four documents of a package behind each other, so that they can contradict each other in a FAR that is whole.</summary>
    static void ReadPackageOfParts(byte[] bytes)
    {
        var parts = Reading.Text(bytes).Split("\n====\n");
        string[] names = [Package.IdentityName, Package.ContentsName, Package.ModesName, Package.DescriptionName];
        ReadPackage(FarWriter.ToBytes(names.Zip(parts).ToDictionary(p => p.First, p => (ReadOnlyMemory<byte>)Reading.Bytes(p.Second))));
    }

    static byte[] JoinParts() => Reading.Bytes(string.Join("\n====\n", new[] { Package.IdentityName, Package.ContentsName, Package.ModesName, Package.DescriptionName }
        .Select(name => Reading.Text(Meta(name)))));

    static void ReadDescription(byte[] bytes)
    {
        var description = PackageDescription.Parse(bytes, "x");
        // Unknown fields are not written.
        Assert.Equal(description with { UnknownFields = [] }, PackageDescription.Parse(description.ToBytes(), "written"));
    }

    static void ReadChecksums(byte[] bytes)
    {
        var list = ChecksumList.Parse(bytes, "x");
        Assert.Equal(list.Entries, ChecksumList.Parse(list.ToBytes(), "written").Entries);
    }
}
