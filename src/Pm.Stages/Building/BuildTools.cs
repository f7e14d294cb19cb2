using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Packages.Versions;

namespace Pm.Stages.Building;

/// <summary>Finds what a build runs, and holds it against <c>[constraints]</c>.</summary>
static class BuildTools
{
    /// <summary>The constraint that is on the kernel.</summary>
    const string Kernel = "linux";

    /// <summary>This machine, as uname(1) writes it.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x86_64",
        System.Runtime.InteropServices.Architecture.X86 => "i686",
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        System.Runtime.InteropServices.Architecture.Arm or System.Runtime.InteropServices.Architecture.Armv6 => "armv7l",
        System.Runtime.InteropServices.Architecture.RiscV64 => "riscv64",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        System.Runtime.InteropServices.Architecture.S390x => "s390x",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>The kernels that a package is for; null where all are.</summary>
    public static VersionRequirement? KernelOf(Manifest manifest) =>
        manifest.Constraints.Where(c => c.Tool == Kernel && c.Requirement.ToString() is not ("" or "*")).Select(c => c.Requirement).FirstOrDefault();

    /// <summary>The tools of a plan and of the constraints, sorted by name.</summary>
    /// <exception cref="StageException">PM7302, PM7303: one is missing.</exception>
    public static ImmutableArray<BuildTool> Find(BuildPlan? plan, Manifest manifest, string searchPath)
    {
        var tools = new SortedDictionary<string, BuildTool>(StringComparer.Ordinal);
        foreach (var name in plan?.Tools ?? [])
        {
            tools.TryAdd(name, TryFind(name, searchPath) ?? throw new StageException(
                "PM7302", $"the build needs `{PathText.Show(name)}`, which is not in {searchPath}", HintOf(name)));
        }

        foreach (var constraint in ToolsOf(manifest))
        {
            tools.TryAdd(constraint.Tool, TryFind(constraint.Tool, searchPath) ?? throw new StageException(
                "PM7303", $"[constraints] asks for {Wanted(constraint)}, and there is none in {searchPath}", HintOf(constraint.Tool)));
        }

        foreach (var tool in (plan?.Optional ?? []).Select(name => TryFind(name, searchPath)).OfType<BuildTool>())
        {
            tools.TryAdd(tool.Name, tool);
        }

        return [.. tools.Values];
    }

    /// <summary>Checks what needs nothing to be run.</summary>
    /// <param name="manifest">What it says.</param>
    /// <param name="isOfThisKernel">Whether this kernel matters.</param>
    /// <exception cref="StageException">PM7303: this machine or its kernel is another one.</exception>
    public static void CheckMachine(Manifest manifest, bool isOfThisKernel)
    {
        if (!manifest.Architectures.IsEmpty && !manifest.Architectures.Contains(Architecture))
        {
            throw new StageException(
                "PM7303", $"[constraints] asks for arch {string.Join(" or ", manifest.Architectures)}, and this machine is {Architecture}", "build it on such a machine");
        }

        foreach (var constraint in manifest.Constraints.Where(c => isOfThisKernel && c.Tool == Kernel))
        {
            Check(constraint, Environment.OSVersion.Version.ToString(3), "boot another kernel; eBPF programs alone are compiled for one with `pm build --btf FILE`");
        }
    }

    /// <summary>Holds the tools against the constraints.</summary>
    /// <param name="manifest">What it asks for.</param>
    /// <param name="versions">The version of each tool; null: it did not say.</param>
    /// <exception cref="StageException">PM7303: one has another version.</exception>
    public static void CheckVersions(Manifest manifest, IReadOnlyDictionary<string, string?> versions)
    {
        foreach (var constraint in ToolsOf(manifest))
        {
            Check(constraint, versions[constraint.Tool], constraint.Tool == "clang" ? "install another version (`clang-N` of Debian is found by itself), or name where it is: PM_BUILD_PATH=DIR" : HintOf(constraint.Tool));
        }
    }

    static IEnumerable<ManifestConstraint> ToolsOf(Manifest manifest) => manifest.Constraints.Where(c => c.Tool != Kernel);

    static void Check(ManifestConstraint constraint, string? found, string? hint)
    {
        if (constraint.Requirement.ToString() is not ("" or "*")
            && (found is null || !PackageVersion.TryParse(found, out var version) || !constraint.Requirement.Contains(version)))
        {
            throw new StageException("PM7303", $"[constraints] asks for {Wanted(constraint)}, and there is {found ?? "one that does not say its version"}", hint);
        }
    }

    static string Wanted(ManifestConstraint constraint) => $"{PathText.Show(constraint.Tool)} {constraint.Requirement}".TrimEnd();

    static string? HintOf(string tool) => BuildPlan.DebianPackage(tool) is { } package
        ? $"`apt install {package}`, or name where it is: PM_BUILD_PATH=DIR"
        : "install it, or name where it is: PM_BUILD_PATH=DIR";

    static BuildTool? TryFind(string name, string searchPath)
    {
        // A constraint may be called anything; what is no name of a file is no tool.
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) || ProgramPath.Find(name, searchPath) is not { } path)
        {
            return null;
        }

        using var file = File.OpenHandle(path);
        return new BuildTool(name, path, ParallelMerkle.Of(file, OpenFile.Status(file).Size, threads: 1));
    }
}
