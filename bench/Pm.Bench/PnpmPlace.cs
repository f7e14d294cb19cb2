using System.Globalization;

namespace Pm.Bench;

/// <summary>The same tree in pnpm: each directory of <c>lib/modules</c> a package, all in its store, with a lock file.</summary>
sealed class PnpmPlace
{
    readonly string _home;
    readonly string _pnpm;
    readonly string _project;

    PnpmPlace(string home, string pnpm) =>
        (_home, _pnpm, _project) = (home, pnpm, Directory.CreateDirectory(Path.Combine(home, "pnpm-project")).FullName);

    /// <summary>Null where pnpm is not installed (<c>PM_BENCH_PNPM</c>, then the path).</summary>
    internal static PnpmPlace? TryMake(string home, TwoVersions place)
    {
        if ((Environment.GetEnvironmentVariable("PM_BENCH_PNPM") ?? PeerProgram.Find("pnpm")) is not { Length: > 0 } pnpm || !File.Exists(pnpm))
        {
            return null;
        }

        var made = new PnpmPlace(home, pnpm);
        made.Pack(Path.Combine(place.Tree(TwoVersions.First), "lib/modules"));
        made.Run(made._project, "--lockfile-only");
        made.Run(made._project, "--frozen-lockfile");
        return made;
    }

    /// <summary>In a new project with the same two files.</summary>
    internal double Install(string project)
    {
        Directory.CreateDirectory(project);
        foreach (var file in (string[])["package.json", "pnpm-lock.yaml"])
        {
            File.Copy(Path.Combine(_project, file), Path.Combine(project, file));
        }

        PeerProgram.Settle(project);
        return PeerProgram.Time(Command(project, "--frozen-lockfile"));
    }

    void Pack(string modules)
    {
        var dependencies = new List<string>();
        foreach (var module in Directory.EnumerateDirectories(modules).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(module);
            var package = Directory.CreateDirectory(Path.Combine(_home, "pnpm-packages", name, "package")).FullName;
            SpawnedProcess.Run("/usr/bin/cp", "-r", Path.Combine(module, "dist"), package);
            File.WriteAllText(Path.Combine(package, "package.json"), $$"""{"name":"{{name}}","version":"1.0.0"}""");
            var archive = Path.Combine(_home, "pnpm-packages", $"{name}.tgz");
            PeerProgram.Run("tar", "-C", Path.GetDirectoryName(package)!, "-czf", archive, "package");
            dependencies.Add($"\"{name}\":\"file:{archive}\"");
        }

        File.WriteAllText(
            Path.Combine(_project, "package.json"), $$"""{ "name": "all", "version": "1.0.0", "dependencies": { {{string.Join(',', dependencies)}} } }""");
    }

    void Run(string project, string option) => SpawnedProcess.Run(Command(project, option));

    string[] Command(string project, string option) =>
    [
        "/usr/bin/env", "-i", $"PATH={Environment.GetEnvironmentVariable("PATH")}", $"HOME={_home}", "CI=true",
        _pnpm, "install", "--offline", option, "--ignore-scripts", "--package-import-method=hardlink",
        string.Create(CultureInfo.InvariantCulture, $"--store-dir={_home}/pnpm-store"), $"--dir={project}",
    ];
}
