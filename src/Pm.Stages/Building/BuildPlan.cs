using System.Collections.Immutable;
using System.Globalization;
using Pm.Packages;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>What <c>[build]</c> says, as commands. Sources: docs/formats/build.md and the manuals of the tools.</summary>
/// <param name="Tools">What it runs, whose versions and hashes are inputs; all have to be there.</param>
/// <param name="Optional">What these run in turn, where it is there.</param>
/// <param name="Steps">The commands, given where and with how many jobs.</param>
sealed record BuildPlan(ImmutableArray<string> Tools, ImmutableArray<string> Optional, Func<BuildPlaces, int, ImmutableArray<BuildStep>> Steps)
{
    /// <summary>Writes what is built besides the source, before the first command; null: nothing.</summary>
    public Action<BuildPlaces>? Prepare { get; init; }

    /// <summary>What is said of the result in files below <c>meta/</c>, once all commands ended well.</summary>
    public Func<BuildPlaces, IReadOnlyDictionary<string, string?>, Action<string>, IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>> Finish { get; init; } = (_, _, _) => [];

    /// <summary>What it depends on besides source and tools. It is no part of what is said of the package: what comes of it is the same as a rule.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Inputs { get; init; } = [];

    static readonly ImmutableArray<string> Compilers = ["cc", "c++", "as", "ld", "ar"];

    /// <param name="build">What the manifest says.</param>
    /// <param name="package">What is built.</param>
    /// <param name="hasFile">Whether there is a file of a name beside the manifest.</param>
    public static BuildPlan Of(ManifestBuild build, PackageName package, Func<string, bool> hasFile) => build.Preset switch
    {
        null when build.Script is { } script => new(["sh"], [], (_, _) => [new BuildStep("sh", "-e", "-c", script)]),
        null => OfCommand(build.Command),
        "make" => new(["make"], Compilers, (at, jobs) =>
        [
            new BuildStep("make", Jobs("-j", jobs)),
            new BuildStep("make", "install", $"DESTDIR={at.Out}", "PREFIX=/", "prefix=/"),
        ]),
        "cmake" => new(["cmake"], ["make", "ninja", .. Compilers], CMake),
        "meson" => new(["meson", "ninja"], Compilers, (at, jobs) =>
        [
            new BuildStep("meson", "setup", at.Build, "--prefix=/", "--libdir=lib", "--buildtype=release", "--wrap-mode=nodownload"),
            new BuildStep("meson", "compile", "-C", at.Build, Jobs("-j", jobs)),
            new BuildStep("meson", "install", "-C", at.Build, "--no-rebuild", "--destdir", at.Out),
        ]),
        "cargo" => new(["cargo", "rustc"], ["cc"], (at, jobs) =>
        [
            new BuildStep(
                "cargo",
                ["install", "--path", ".", "--root", at.Out, "--no-track", "--offline", .. hasFile("Cargo.lock") ? (string[])["--locked"] : [], "--target-dir", at.Build, Jobs("-j", jobs)]),
        ]),
        "go" => new(["go"], ["cc"], (at, jobs) => [new BuildStep("go", "build", "-p", Number(jobs), "-trimpath", "-buildvcs=false", "-o", $"{at.Out}/bin/", "./...")]),
        "dotnet" => new(["dotnet"], [], (at, _) => DotNet(at, package)),
        _ => new(["npm", "node"], [], (at, _) =>
        [
            new BuildStep("npm", "run", "build", "--if-present"),
            new BuildStep("npm", "pack", "--pack-destination", at.Build),
            new BuildStep("sh", "-eu", "-c", "npm install --global --offline --no-audit --no-fund --no-update-notifier --prefix \"$OUT\" \"$1\"/*.tgz", "sh", at.Build),
        ]),
    };

    /// <summary>The Debian package that brings a tool; null: nobody here knows.</summary>
    public static string? DebianPackage(string tool) => tool switch
    {
        "cc" or "as" or "ld" or "ar" or "c++" => tool switch { "cc" => "gcc", "c++" => "g++", _ => "binutils" },
        "cargo" or "clang" or "cmake" or "g++" or "gcc" or "git" or "make" or "meson" or "npm" or "rustc" => tool,
        "clang++" => "clang",
        "dotnet" => "dotnet-sdk-8.0",
        "go" => "golang-go",
        "ninja" => "ninja-build",
        "node" => "nodejs",
        "pkg-config" => "pkgconf",
        "python3" or "perl" or "bison" or "flex" or "gawk" or "m4" or "autoconf" or "automake" => tool,
        "bpftool" => "bpftool",
        "ld.lld" or "lld" => "lld",
        "llvm-strip" => "llvm",
        _ => null,
    };

    static BuildPlan OfCommand(ImmutableArray<string> command)
    {
        var isName = !command[0].Contains('/', StringComparison.Ordinal);
        return new(isName ? [command[0]] : [], command[0] is "make" or "cmake" or "ninja" or "meson" ? Compilers : [], (_, _) => [new BuildStep(command[0], command[1..])]);
    }

    /// <summary>
    /// With the prefix / CMake takes directories below /usr, so it gets that of the usual root, from which all is moved up; what a project installs at an
    /// absolute path lands below $OUT, too.
    /// </summary>
    static ImmutableArray<BuildStep> CMake(BuildPlaces at, int jobs) =>
    [
        new BuildStep(
            "cmake", "-S", ".", "-B", at.Build, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_PREFIX=/usr/local", "-DCMAKE_INSTALL_BINDIR=bin", "-DCMAKE_INSTALL_SBINDIR=sbin",
            "-DCMAKE_INSTALL_LIBDIR=lib", "-DCMAKE_INSTALL_LIBEXECDIR=libexec", "-DCMAKE_INSTALL_INCLUDEDIR=include", "-DCMAKE_INSTALL_DATAROOTDIR=share",
            "-DCMAKE_INSTALL_RPATH=$ORIGIN/../lib"),
        new BuildStep("cmake", "--build", at.Build, "--parallel", Number(jobs)),
        new BuildStep(
            "sh", "-e", "-c", "DESTDIR=\"$OUT\" cmake --install \"$1\"\nif [ -d \"$OUT/usr/local\" ]; then cp -a \"$OUT/usr/local/.\" \"$OUT\"; rm -r \"$OUT/usr/local\"; rmdir \"$OUT/usr\" 2>&- || :; fi",
            "sh", at.Build),
    ];

    /// <summary>
    /// Everything in one directory, and a link in bin/ for each program. That NuGet's first steps are done spares it a mutex of the runtime, which
    /// lies in /tmp, where a build may not write.
    /// </summary>
    static ImmutableArray<BuildStep> DotNet(BuildPlaces at, PackageName package) =>
    [
        new BuildStep("sh", "-e", "-c", "mkdir -p \"$HOME/.local/share/NuGet/Migrations\"; : > \"$HOME/.local/share/NuGet/Migrations/1\""),
        new BuildStep(
            "dotnet", "publish", "--configuration", "Release", "--output", $"{at.Out}/lib/{package.Name}", "--nologo", "--disable-build-servers", "-maxCpuCount:1",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:Deterministic=true", "-p:ContinuousIntegrationBuild=true"),
        new BuildStep(
            "sh", "-eu", "-c",
            "mkdir -p \"$OUT/bin\"\nfor f in \"$OUT/lib/$1\"/*.dll; do p=${f%.dll}; if [ -x \"$p\" ]; then ln -s \"../lib/$1/${p##*/}\" \"$OUT/bin/\"; fi; done\nrmdir \"$OUT/bin\" 2>&- || :",
            "sh", package.Name),
    ];

    static string Jobs(string option, int jobs) => option + Number(jobs);

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
