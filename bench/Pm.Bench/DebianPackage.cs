namespace Pm.Bench;

/// <summary>A tree as a package of Debian's, unsigned, compressed as pm's is.</summary>
static class DebianPackage
{
    internal static bool CanMake => File.Exists("/usr/bin/dpkg-deb");

    /// <summary>Makes <c>big-VERSION.deb</c> in <paramref name="home"/> of the files of <paramref name="tree"/>.</summary>
    internal static string Make(string home, string tree, string version)
    {
        var control = Directory.CreateDirectory(Path.Combine(tree, "DEBIAN")).FullName;
        File.WriteAllText(
            Path.Combine(control, "control"),
            $"Package: big\nVersion: {version}\nArchitecture: all\nMaintainer: none <none@example.org>\nDescription: many files\n");
        var package = Path.Combine(home, $"big-{version}.deb");
        PeerProgram.Run("dpkg-deb", "-Zzstd", "-z3", "--root-owner-group", "-b", tree, package);
        Directory.Delete(control, recursive: true);
        return package;
    }

    /// <summary>What dpkg needs to find in an empty root.</summary>
    internal static void Prepare(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "var/lib/dpkg/info"));
        Directory.CreateDirectory(Path.Combine(root, "var/lib/dpkg/updates"));
        File.WriteAllText(Path.Combine(root, "var/lib/dpkg/status"), "");
    }

    internal static string[] Command(string root, params string[] words) =>
    [
        "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "/usr/bin/dpkg", $"--root={root}",
        $"--admindir={root}/var/lib/dpkg", "--log=/dev/null", "--force-not-root", .. words,
    ];
}
