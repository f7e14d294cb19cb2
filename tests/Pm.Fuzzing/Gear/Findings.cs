using System.Security.Cryptography;

namespace Pm.Fuzzing.Gear;

/// <summary>Inputs that broke a reader, each in a file that can be moved into the corpus as it is.</summary>
static class Findings
{
    /// <summary>Below it, the layout is that of <c>corpus/</c>.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("FUZZ_OUT") is { Length: > 0 } path
        ? path
        : Path.Combine(Path.GetTempPath(), "pm-fuzz");

    public static string Save(FuzzTarget target, byte[] input)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, target.Name)).FullName;
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..12]);
        File.WriteAllBytes(path, input);
        return path;
    }
}
