using System.Text;
using Pm.Archives.Tests.Tar;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Archives.Tests.Pkg;

/// <summary>A .pkg put together member by member, as somebody with tar and sha256sum would, right or wrong.</summary>
sealed class HandMade
{
    readonly List<(string Name, byte[] Content)> _members = [];

    public HandMade()
    {
        Root = new RawTar().Directory("./").Directory("./bin/").File("./bin/tool", "#!/bin/sh\n", 0x1ed)
            .File("./share/text", "hello\n").Symlink("./share/link", "text");
        Set("meta.yaml", "name: sample\nversion: 1.0.0\ndescription: made by hand\n");
    }

    public RawTar Root { get; set; }

    public string? Bom { get; set; }

    public string? Manifest { get; set; }

    public Compression Compression { get; set; } = Compression.Bzip2;

    public HandMade Set(string name, string content) => Set(name, Encoding.UTF8.GetBytes(content));

    public HandMade Set(string name, byte[] content)
    {
        _members.RemoveAll(m => m.Name == name);
        _members.Add((name, content));
        return this;
    }

    public static string Sum(string content) => Sha256Digest.Of(Encoding.UTF8.GetBytes(content)).ToString();

    public Dictionary<string, byte[]> Members()
    {
        var members = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, content) in _members)
        {
            members.Add(name, content);
        }

        members["bom.sha256"] = Encoding.UTF8.GetBytes(
            Bom ?? $"{Sum("#!/bin/sh\n")}  ./bin/tool\n{Sum("hello\n")}  ./share/text\n");
        members.TryAdd("root.tar" + CompressionFormat.Suffix(Compression), Pack(Root.ToBytes(), Compression));
        members.TryAdd("manifest.sha256", Encoding.UTF8.GetBytes(
            Manifest ?? string.Concat(members.Select(m => $"{Sha256Digest.Of(m.Value)}  {m.Key}\n"))));
        return members;
    }

    public byte[] ToBytes(Func<RawTar, RawTar>? more = null)
    {
        var tar = new RawTar();
        foreach (var (name, content) in Members())
        {
            tar.Header(new RawHeader(name, '0', content.Length)).Body(content);
        }

        return (more?.Invoke(tar) ?? tar).ToBytes();
    }

    public PkgArchive Open(Func<RawTar, RawTar>? more = null) =>
        PkgArchive.Open(new MemoryStream(ToBytes(more)), "sample.pkg");

    public Package Expand(MemoryBlobs? blobs = null)
    {
        using var archive = Open();
        return archive.Expand(blobs ?? new MemoryBlobs());
    }

    public string Refusal(Func<RawTar, RawTar>? more = null)
    {
        var fault = Assert.Throws<PackageFormatException>(() =>
        {
            using var archive = Open(more);
            archive.Expand(new MemoryBlobs());
        });
        return $"{fault.Code} {fault.Message}";
    }

    public static byte[] Pack(byte[] plain, Compression compression)
    {
        var target = new MemoryStream();
        using (var packed = Compressor.Open(target, compression, leaveOpen: true))
        {
            packed.Write(plain);
        }

        return target.ToArray();
    }
}
