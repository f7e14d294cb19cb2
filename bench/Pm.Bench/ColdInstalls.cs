using System.Globalization;

namespace Pm.Bench;

/// <summary>One tree as a package for each program, and the command that installs it into a directory of its own.</summary>
/// <param name="home">With the tree in <c>tree/root</c>; the packages go there too.</param>
/// <param name="pm">The executable.</param>
sealed class ColdInstalls(string home, string pm)
{
    const string Search = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

    string Tree => Path.Combine(home, "tree/root");

    string Repository => Path.Combine(home, "repository");

    /// <summary>The package is unsigned, as those of the others are.</summary>
    internal Func<string, string[]> Pm()
    {
        var package = Package();
        return to => Words(to, "install", "-q", "--allow-unsigned", package);
    }

    /// <summary>Publishes the package that <see cref="Pm"/> made.</summary>
    internal CountingServer Serve()
    {
        SpawnedProcess.Run(Words(home, "repo", "init", "-q", Repository));
        SpawnedProcess.Run(Words(home, "repo", "publish", "-q", "--allow-unsigned", "--repo", Repository, Path.Combine(home, "big-1.0.0.pkg")));
        return new CountingServer(Repository);
    }

    /// <summary>The same by name, from a server whose list of packages has been pulled.</summary>
    internal Func<string, string[]> Remote(string url) => to =>
    {
        SpawnedProcess.Run(Words(to, "remote", "add", "-q", "-y", "--trust-first-use", url));
        SpawnedProcess.Run(Words(to, "pull", "-q"));
        return Words(to, "install", "-q", "--allow-unsigned", "big");
    };

    string[] Words(string to, params string[] words) =>
        ["/usr/bin/env", "-i", Search, $"PM_STORE={to}/store", $"PM_ROOT={to}/root", $"HOME={to}", pm, .. words];

    /// <returns>The <c>.pkg</c>.</returns>
    string Package()
    {
        File.WriteAllText(
            Path.Combine(home, "tree/meta.yaml"), "name: big\nversion: 1.0.0\nnamespace: bench\ndescription: many files\n");
        SpawnedProcess.Run(Words(home, "pkg", "create", "-q", "--no-sign", "-o", home, Path.Combine(home, "tree")));
        return Path.Combine(home, "big-1.0.0.pkg");
    }

    internal Func<string, string[]> Pacman()
    {
        var size = Directory.EnumerateFiles(Tree, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        File.WriteAllText(Path.Combine(home, ".PKGINFO"), string.Create(
            CultureInfo.InvariantCulture,
            $"pkgname = big\npkgbase = big\npkgver = 1.0.0-1\npkgdesc = many files\nurl = none\nbuilddate = 1\npackager = none\nsize = {size}\narch = any\n"));
        var package = Path.Combine(home, "big-1.0.0-1-any.pkg.tar.zst");
        Shell($"tar -C '{home}' --owner=0 --group=0 -cf - .PKGINFO -C '{Tree}' lib | zstd -3 -q -o '{package}'");
        var settings = Path.Combine(home, "pacman.conf");
        File.WriteAllText(settings, "[options]\nSigLevel = Never\nLocalFileSigLevel = Never\nArchitecture = auto\n");
        return to =>
        {
            Directory.CreateDirectory(Path.Combine(to, "var/lib/pacman"));
            Directory.CreateDirectory(Path.Combine(to, "cache"));
            return
            [
                "/usr/bin/env", "-i", Search, "/usr/bin/pacman", "-U", "--noconfirm", "--noprogressbar", "--config", settings,
                "--root", to, "--dbpath", $"{to}/var/lib/pacman", "--cachedir", $"{to}/cache", "--gpgdir", $"{to}/gpg",
                "--hookdir", $"{to}/hooks", "--logfile", $"{to}/log", package,
            ];
        };
    }

    internal Func<string, string[]> Dpkg()
    {
        var package = DebianPackage.Make(home, Tree, "1.0.0");
        return to =>
        {
            DebianPackage.Prepare(to);
            return DebianPackage.Command(to, "-i", package);
        };
    }

    static void Shell(string command) => SpawnedProcess.Run("/usr/bin/env", "-i", Search, "/bin/sh", "-ec", command);
}
