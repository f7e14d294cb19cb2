using System.Globalization;

namespace Pm.Stages.Building;

/// <summary>Where a build does what, absolute.</summary>
/// <param name="Work">Holds what may be changed by the build.</param>
/// <param name="Roots">Holds a link to each root, which has the same path on every machine so.</param>
sealed record BuildPlaces(string Work, string Roots)
{
    public const string SourceName = "source";
    public const string OutName = "out";

    /// <summary>What the build knows a root by.</summary>
    public string Root(int number) => Path.Join(Roots, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The copy of the source: the working directory.</summary>
    public string Source => Path.Join(Work, SourceName);

    /// <summary><c>$OUT</c>.</summary>
    public string Out => Path.Join(Work, OutName);

    /// <summary>For presets that build beside the source.</summary>
    public string Build => Path.Join(Work, "build");

    public string Home => Path.Join(Work, "home");

    public string Temporary => Path.Join(Work, "tmp");
}
