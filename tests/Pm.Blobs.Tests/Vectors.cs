using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Pm.Blobs.Tests;

/// <summary>The published vectors, which are not part of the project.</summary>
static class Vectors
{
    /// <summary>Opens a file of <c>$PM_VECTORS</c>, or skips the test.</summary>
    internal static JsonDocument Open(string path)
    {
        var root = Environment.GetEnvironmentVariable("PM_VECTORS")
            ?? Path.Combine(Project(), "../shared/reference/vectors");
        var file = Path.Combine(root, path);
        Assert.SkipUnless(File.Exists(file), $"{path} is not in PM_VECTORS ({root})");
        return JsonDocument.Parse(File.ReadAllBytes(file));
    }

    static string Project([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../..");
}
