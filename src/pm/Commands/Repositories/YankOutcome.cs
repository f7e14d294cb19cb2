using Pm.Cli.Output;
using Pm.Packages;

namespace Pm.Cli.Commands.Repositories;

/// <summary>What became of versions that were withdrawn, wherever they are published.</summary>
static class YankOutcome
{
    /// <exception cref="CommandException">PM1141: a reason for taking one back.</exception>
    public static void RequireReason(string? reason, bool undo)
    {
        if (undo && reason is not null)
        {
            throw CommandException.Usage("PM1141", "--reason says why something is withdrawn; with --undo there is nothing to say");
        }
    }

    public static void Write(PmContext context, List<PackageId> packages, List<PackageId> changed, bool undo)
    {
        var verb = undo ? "unyank" : "yank";
        Outcome.Write(
            context,
            verb,
            json =>
            {
                Outcome.WriteTexts(json, "packages", packages.Select(p => p.ToString()));
                Outcome.WriteTexts(json, "changed", (context.Settings.DryRun ? packages : changed).Select(p => p.ToString()));
            },
            () => packages.ForEach(Say));

        void Say(PackageId package)
        {
            if (context.Settings.DryRun)
            {
                context.Terminal.Note($"would {verb} {package}");
            }
            else
            {
                context.Terminal.Data($"{verb}ed\t{package}{(changed.Contains(package) ? "" : "\tunchanged")}");
            }
        }
    }
}
