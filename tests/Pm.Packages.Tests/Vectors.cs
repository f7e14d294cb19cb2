using System.Runtime.CompilerServices;
using Xunit;

namespace Pm.Packages.Tests;

/// <summary>Published vectors: <c>$PM_VECTORS</c>, or the folder beside the project; tests skip where they are absent.</summary>
static class Vectors
{
    public static byte[] Read(string name)
    {
        var path = Path.Combine(Folder(), name);
        Assert.SkipUnless(File.Exists(path), $"no vectors at {path}");
        return File.ReadAllBytes(path);
    }

    static string Folder([CallerFilePath] string here = "") =>
        Environment.GetEnvironmentVariable("PM_VECTORS")
        ?? Path.GetFullPath("../../../shared/reference/vectors", Path.GetDirectoryName(here)!);
}
