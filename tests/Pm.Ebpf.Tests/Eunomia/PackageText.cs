using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Pm.Ebpf.Tests.Eunomia;

/// <summary>Packages made of the objects beside the tests.</summary>
static class PackageText
{
    public const string Least = """{"bpf_skel":{"obj_name":"p"}}""";

    /// <summary>A whole package.</summary>
    public static byte[] Of(byte[] content, string meta = Least, long? size = null) =>
        Encoding.UTF8.GetBytes($$"""{"bpf_object":"{{Convert.ToBase64String(Compressed(content))}}","bpf_object_size":{{size ?? content.Length}},"meta":{{meta}} }""");

    public static byte[] Compressed(byte[] content)
    {
        using var into = new MemoryStream();
        using (var stream = new ZLibStream(into, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(content);
        }

        return into.ToArray();
    }

    /// <summary>A public document, or the test is skipped.</summary>
    public static byte[] Vector(string name)
    {
        var root = Environment.GetEnvironmentVariable("PM_VECTORS");
        Xunit.Assert.SkipWhen(root is null, "PM_VECTORS is not set");
        var file = Path.Combine(root!, "eunomia", name);
        Xunit.Assert.SkipUnless(File.Exists(file), $"{file} is not there");
        return File.ReadAllBytes(file);
    }

    public static JsonElement Expected(string name)
    {
        using var document = JsonDocument.Parse(Vector("expected.json"));
        return document.RootElement.GetProperty(name).Clone();
    }
}
