using System.Collections.Immutable;
using System.Globalization;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>The whole environment of a build: nothing of the machine's or the user's is in it.</summary>
static class BuildEnvironment
{
    /// <summary>Put before the search path, where tools lie elsewhere: directories with colons between them.</summary>
    public const string MorePath = "PM_BUILD_PATH";

    const string PlainPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    static readonly string[] Reserved = ["PATH", "HOME", "TMPDIR", "OUT", "PWD"];

    /// <summary>The beginning of 1980: the first time that all archives can hold, zip too. Source: reproducible-builds.org, SOURCE_DATE_EPOCH.</summary>
    public static DateTimeOffset Epoch { get; } = DateTimeOffset.FromUnixTimeSeconds(315_532_800);

    /// <summary>What is wrong with the variables of a manifest.</summary>
    /// <exception cref="StageException">PM7306: one is pm's to set.</exception>
    public static void Check(ManifestBuild build)
    {
        foreach (var (name, _) in build.Environment)
        {
            if (Reserved.Contains(name) || name.StartsWith("PM_", StringComparison.Ordinal))
            {
                throw new StageException("PM7306", $"[build] env: {name} is set by pm", $"remove {name} from `env`");
            }
        }
    }

    /// <summary>Where tools are looked for: in the roots, where <c>PM_BUILD_PATH</c> says, in the directory of a compiler that was asked for, where they usually are.</summary>
    /// <param name="roots">Of the build dependencies.</param>
    /// <param name="options">What the user says.</param>
    /// <param name="compiler">The directory of the compiler; null: it is found without.</param>
    public static string SearchPath(IEnumerable<string> roots, BuildOptions options, string? compiler = null) =>
        string.Join(':', [.. roots.Select(r => $"{r}/bin"), .. MoreDirectories(options), .. compiler is null ? [] : (string[])[compiler], PlainPath]);

    public static Dictionary<string, string> Of(BuildRequest request, BuildOptions options, BuildPlaces at, int jobs, string? compiler)
    {
        var package = request.Manifest.Package!;
        ImmutableArray<string> roots = [.. request.Roots.Select((_, i) => at.Root(i))];
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = SearchPath(roots, options, compiler),
            ["HOME"] = at.Home,
            ["TMPDIR"] = at.Temporary,
            ["OUT"] = at.Out,
            ["SOURCE_DATE_EPOCH"] = Epoch.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
            ["PM_NAME"] = package.Name.Text,
            ["PM_VERSION"] = package.Version.Text,
            ["PM_JOBS"] = jobs.ToString(CultureInfo.InvariantCulture),
        };
        AddRoots(variables, roots);
        AddTools(variables);
        foreach (var (name, value) in request.Manifest.Build?.Environment ?? [])
        {
            variables[name] = value;
        }

        return variables;
    }

    static void AddRoots(Dictionary<string, string> variables, ImmutableArray<string> roots)
    {
        if (!roots.IsEmpty)
        {
            variables["CPATH"] = string.Join(':', roots.Select(r => $"{r}/include"));
            variables["LIBRARY_PATH"] = string.Join(':', roots.Select(r => $"{r}/lib"));
            variables["PKG_CONFIG_PATH"] = string.Join(':', roots.SelectMany(r => (string[])[$"{r}/lib/pkgconfig", $"{r}/share/pkgconfig"]));
            variables["CMAKE_PREFIX_PATH"] = string.Join(';', roots);
        }
    }

    /// <summary>Tools that would ask the network, or tell it something, are told that they need not try.</summary>
    static void AddTools(Dictionary<string, string> variables)
    {
        variables["CARGO_NET_OFFLINE"] = "true";
        variables["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        variables["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        variables["DOTNET_NOLOGO"] = "1";
        variables["GOPROXY"] = "off";
        variables["GOTOOLCHAIN"] = "local";
        variables["npm_config_offline"] = "true";
    }

    static IEnumerable<string> MoreDirectories(BuildOptions options) =>
        options.Environment.TryGetValue(MorePath, out var more) ? more.Split(':').Where(d => d.StartsWith('/')) : [];
}
