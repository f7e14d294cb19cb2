using System.Globalization;
using Pm.Linux;
using Pm.Packages.Manifests;
using Pm.Packages.Versions;

namespace Pm.Stages.Building;

/// <summary>
/// Finds the clang that a build asks for where distributions put those that they have besides the usual one: in a directory for each version of LLVM. Without that a machine
/// with only <c>clang-19</c> would have no clang, and <c>[constraints]</c> could only say that it is the wrong one.
/// </summary>
static class LlvmFolder
{
    const string Compiler = "clang";

    /// <summary>What stands before the number of such a directory: in Debian, Alpine, Fedora and Gentoo.</summary>
    static readonly string[] Beginnings = ["/usr/lib/llvm-", "/usr/lib/llvm", "/usr/lib64/llvm", "/usr/lib/llvm/"];

    /// <summary>The directory that goes before the usual ones; null: none has to.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="manifest">What it asks of clang.</param>
    /// <param name="searchPath">Where tools are looked for without it.</param>
    public static string? Find(BuildPlan? plan, Manifest manifest, string searchPath)
    {
        var asked = manifest.Constraints.Where(c => c.Tool == Compiler).Select(c => c.Requirement).FirstOrDefault();
        return asked is not null || plan?.Tools.Contains(Compiler) == true
            ? Choose((asked ?? VersionRequirement.Any).Versions, ProgramPath.Find(Compiler, searchPath) is { } usual ? RealPath(usual) : null, [.. Installed()])
            : null;
    }

    /// <summary>The newest version that was asked for, where the usual one is none of these, or there is none.</summary>
    /// <param name="asked">The versions that will do.</param>
    /// <param name="usual">The clang that is found without, with no links in its path; null: none is.</param>
    /// <param name="installed">The first number of each version, its directory, and the clang in it, with no links in its path.</param>
    public static string? Choose(VersionSet asked, string? usual, IReadOnlyList<(int Major, string Folder, string Program)> installed)
    {
        // Of another clang than these no version is known before it is run: it is held against the constraint then.
        if (usual is not null && (installed.All(i => i.Program != usual) || installed.Any(i => i.Program == usual && MayBe(i.Major))))
        {
            return null;
        }

        return installed.Where(i => MayBe(i.Major)).OrderByDescending(i => i.Major).Select(i => i.Folder).FirstOrDefault();

        bool MayBe(int major) => asked.Overlaps(VersionRequirement.Parse(string.Create(CultureInfo.InvariantCulture, $">={major}, <{major + 1}")).Versions);
    }

    static IEnumerable<(int Major, string Folder, string Program)> Installed()
    {
        foreach (var beginning in Beginnings)
        {
            var parent = Path.GetDirectoryName(beginning)!;
            foreach (var directory in Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, Path.GetFileName(beginning) + "*") : [])
            {
                var program = $"{directory}/bin/{Compiler}";
                if (int.TryParse(directory.AsSpan(beginning.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major < 10_000 && ProgramPath.IsProgram(program))
                {
                    yield return (major, Path.GetDirectoryName(program)!, RealPath(program));
                }
            }
        }
    }

    static string RealPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
