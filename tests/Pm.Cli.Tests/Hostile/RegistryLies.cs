using System.Text;
using System.Text.RegularExpressions;
using Pm.Simulation.Lying;

namespace Pm.Cli.Tests.Hostile;

/// <summary>What only the manifests of a registry can say; of all else the truth is told.</summary>
static partial class RegistryLies
{
    /// <summary>All parts are said to have this length.</summary>
    public static Lie ClaimLength(long length) => OfManifest(text => Size().Replace(text, $"\"size\":{length}"));

    /// <summary>What is in it is to be written elsewhere.</summary>
    public static Lie NameStrangely() => OfManifest(text => Title().Replace(text, "image.title\":\"../../../tmp/evil\""));

    static Lie OfManifest(Func<string, string> change) => answer => answer.Request.Path.Contains("/manifests/", StringComparison.Ordinal)
        ? Lies.Another(_ => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(answer.Content!))))(answer)
        : Truth.TellAsync(answer);

    [GeneratedRegex("\"size\":[0-9]+")]
    private static partial Regex Size();

    [GeneratedRegex("image\\.title\":\"[^\"]*\"")]
    private static partial Regex Title();
}
