using Pm.Packages.Far;
using Pm.Packages.Index;
using Pm.Packages.Yaml;
using Xunit;

namespace Pm.Packages.Tests;

/// <summary>Damaged documents: whatever comes in, a value or a <see cref="PackageFormatException"/> comes out.</summary>
public class MutationTests
{
    /// <summary>Enough for every build; a long run sets PM_FUZZ_ROUNDS.</summary>
    static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("PM_FUZZ_ROUNDS"), out var rounds) ? rounds : 4_000;

    const string Yaml = "name: foo\nversion: 2.10\ndescription: |\n  a\n   b\ndeps: [baz, bar@0.9.2]\nrequires: {qux: \"^1.2\"}\nunits:\n  x:\n    command: 'y'\n- é # c\n";

    static readonly byte[][] Dictionary =
    [
        "\n"u8.ToArray(), "\t"u8.ToArray(), "\0"u8.ToArray(), "="u8.ToArray(), "["u8.ToArray(), "{"u8.ToArray(), "- "u8.ToArray(), ": "u8.ToArray(),
        "? "u8.ToArray(), "\""u8.ToArray(), "'"u8.ToArray(), "&a "u8.ToArray(), "*a"u8.ToArray(), "!!"u8.ToArray(), "%"u8.ToArray(), "|"u8.ToArray(),
        ">"u8.ToArray(), "---"u8.ToArray(), "..."u8.ToArray(), "\\u"u8.ToArray(), "\\"u8.ToArray(), "null"u8.ToArray(), "#"u8.ToArray(), "\r\n"u8.ToArray(),
        [0xff], [0xc2, 0x85], [0xe2, 0x80, 0xa8], [0xef, 0xbb, 0xbf], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], new byte[8],
    ];

    public static TheoryData<string> Readers => ["far", "package", "contents", "modes", "identity", "checksums", "yaml", "description", "available", "blobs"];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Damaged_bytes_give_a_value_or_a_format_exception(string reader)
    {
        var (seed, read) = Target(reader);
        read(seed);
        var random = new Random((reader.Length * 1009) + Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            var input = Mutated(seed, random);
            try
            {
                read(input);
            }
            catch (PackageFormatException e)
            {
                Assert.StartsWith("PM20", e.Code, StringComparison.Ordinal);
                Assert.DoesNotContain('\u001b', e.Message);
            }
            catch (Exception e)
            {
                Assert.Fail($"{reader}: {e.GetType()} for {Convert.ToBase64String(input)}\n{e}");
            }
        }
    }

    static (byte[] Seed, Action<byte[]> Read) Target(string reader)
    {
        var package = Sample.Builder("foo@2.10")
            .AddMeta("meta/meta.yaml", Sample.Bytes(Yaml.Replace("- é # c\n", "")))
            .AddFile("bin/a", Sample.Root, 0b111_101_101)
            .AddFile("x=y", Sample.Root)
            .AddSymlink("l", "bin/a")
            .AddDirectory("e", owner: "foo")
            .Build();
        byte[] Meta(string name) => package.MetaFiles[name].ToArray();
        return reader switch
        {
            "far" => (package.MetaFar.ToArray()[..0x1000], b => FarDirectory.Parse(b, package.MetaFar.Length, "x")),
            "package" => (package.MetaFar.ToArray(), b => Package.Open(b)),
            "contents" => (Meta("meta/contents"), b => Contents.Parse(b).ToBytes()),
            "modes" => (Meta("meta/modes"), b => Assert.Equal(b, Modes.Parse(b).ToBytes())),
            "identity" => (Meta("meta/package"), b => PackageIdentity.Parse(b)),
            "checksums" => (Sample.Bytes($"{Sample.Root}\ta b\n\\{Sample.Root}  a\\\\b\n{Sample.Root} *c\r\n"), b => ChecksumList.Parse(b, "x").ToBytes()),
            "yaml" => (Sample.Bytes(Yaml.Replace("- é # c\n", "é: [a, {b: c}] # c\n? k\n: - v\n")), b => YamlReader.Read(b, "x")),
            "description" => (Meta("meta/meta.yaml"), b => PackageDescription.Parse(PackageDescription.Parse(b, "x").ToBytes(), "written")),
            "available" => (Sample.Bytes("""{"foo":{"1.0.0":{"name":"foo","remote":{"Scheme":"https","Host":"a","Path":"/b"},"deps":["a","b@1"],"size":12,"requires":{"a":"^1"},"yanked":true}}}"""), b => AvailableDocument.Parse(AvailableDocument.Parse(b).ToBytes())),
            _ => (new BlobsDocument([new("meta/", Sample.Root, 4096, 9, "x"), new("a", Sample.Root, 0)]).ToBytes(), b => BlobsDocument.Parse(BlobsDocument.Parse(b).ToBytes())),
        };
    }

    static byte[] Mutated(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        for (var i = random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(Math.Min(bytes.Count, 0x400));
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.InsertRange(at, Dictionary[random.Next(Dictionary.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                default:
                    var length = Math.Min(random.Next(1, 40), bytes.Count - at);
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
