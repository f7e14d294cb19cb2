using Pm.Cli.Output;
using Pm.Packages;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Running;

/// <summary>
/// The file that a bundle is written to. It stands before the packages on the command line, so who forgets it, or lets the shell
/// expand a pattern, names a file of his own there.
/// </summary>
/// <param name="context">The run.</param>
/// <param name="file">As typed.</param>
/// <param name="replaces">Whether <c>--force</c> was given.</param>
sealed class BundlePlace(PmContext context, string file, bool replaces)
{
    const string PackageSuffix = ".pkg";

    /// <summary>Absolute.</summary>
    public string Path { get; } = context.FullPath(file);

    /// <summary>As typed, fit to be shown.</summary>
    public string Shown { get; } = Hostile.OneLine(file);

    /// <exception cref="CommandException">PM1011: a directory; PM1170: a package, or a file that nobody said to replace.</exception>
    public void Require()
    {
        if (Directory.Exists(Path))
        {
            throw new CommandException(ExitCode.Failed, "PM1011", $"{Shown} is a directory, and a file is needed", $"`pm bundle {Shown}/tools.bundle NAME…`");
        }

        if (file.EndsWith(PackageSuffix, StringComparison.Ordinal))
        {
            throw CommandException.Usage(
                "PM1170", $"{Shown} is named like a package, and the bundle would be written there", "the file to write comes first: `pm bundle tools.bundle FILE.pkg…`");
        }

        if (!replaces && File.Exists(Path))
        {
            throw CommandException.Usage("PM1170", $"{Shown} is there already, and the bundle would be written there", "name another file first, or `--force` replaces it");
        }
    }

    /// <summary>Called when no package was named: a name on offer is more likely one than the name of a file.</summary>
    /// <exception cref="CommandException">PM1170: it is one.</exception>
    public void RequireNoPackage(RootSession session)
    {
        if (!replaces && Dependency.TryParse(file, out var named)
            && (session.Root.Current?.Find(named.Name) is not null || session.Catalogue.Index.Versions(named.Name).Any()))
        {
            throw CommandException.Usage("PM1170", $"{Shown} is a package, and the first word is the file to write", $"`pm bundle {named.Name.Name}.bundle {Shown}`");
        }
    }
}
