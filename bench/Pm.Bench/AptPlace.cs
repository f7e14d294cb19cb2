using System.Globalization;
using System.Text;
using Pm.Packages.Index;

namespace Pm.Bench;

/// <summary>The same packages as a list of apt's, in directories of its own; its caches are made before anything is measured.</summary>
sealed class AptPlace
{
    const string Program = "/usr/bin/apt-get";

    readonly string[] _settings;

    AptPlace(string home)
    {
        foreach (var directory in new[] { "repository", "state/lists/partial", "cache/archives/partial" })
        {
            Directory.CreateDirectory(Path.Combine(home, directory));
        }

        File.WriteAllText(Path.Combine(home, "status"), "");
        File.WriteAllText(Path.Combine(home, "sources.list"), $"deb [trusted=yes] file:{home}/repository ./\n");
        _settings =
        [
            .. new[]
            {
                $"Dir::Etc::SourceList={home}/sources.list", "Dir::Etc::SourceParts=/dev/null", "Dir::Etc::Preferences=/dev/null", "Dir::Etc::PreferencesParts=/dev/null",
                $"Dir::State={home}/state", $"Dir::State::status={home}/status", $"Dir::Cache={home}/cache", "APT::Architecture=amd64", "APT::Sandbox::User=root",
            }.SelectMany(setting => new[] { "-o", setting }),
        ];
    }

    /// <summary>Null where apt is not installed.</summary>
    internal static AptPlace? TryMake(string home, IEnumerable<AvailablePackage> packages)
    {
        if (!File.Exists(Program))
        {
            return null;
        }

        var place = new AptPlace(home);
        using (var list = new StreamWriter(Path.Combine(home, "repository", "Packages"), append: false, new UTF8Encoding(false)) { NewLine = "\n" })
        {
            foreach (var package in packages)
            {
                list.WriteLine(Stanza(package));
            }
        }

        SpawnedProcess.Run([Program, .. place._settings, "-q", "update"]);
        place.Simulate(GeneratedClosure.Name(0));
        return place;
    }

    /// <summary>Milliseconds of `apt-get -s install`.</summary>
    internal double Simulate(string name) => PeerProgram.Time([Program, .. _settings, "-q", "-s", "install", Name(name)]);

    static string Stanza(AvailablePackage package) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        Package: {Name(package.Name.Text)}
        Version: {package.Version}
        Architecture: all
        Maintainer: bench <bench@example.org>
        Depends: {string.Join(", ", package.Dependencies.Select(d => Name(d.Name.Text)))}
        Filename: ./{Name(package.Name.Text)}.deb
        Size: {package.DownloadSize}
        Installed-Size: {package.SizeInBytes / 1024}
        SHA256: {new string('0', 64)}
        Description: {package.Description}

        """).Replace("Depends: \n", "", StringComparison.Ordinal);

    static string Name(string name) => name.Replace('/', '-');
}
