using System.CommandLine;
using Pm.Remotes;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Remotes;

/// <summary>The places of a remote, as they are given on the command line.</summary>
static class RemotePlaces
{
    public static Option<string[]> MirrorOption(string description) => new("--mirror")
    {
        Description = description,
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The remote with further mirrors, each once.</summary>
    public static RemoteDefinition WithMirrors(PmContext context, RemoteDefinition remote, string[] texts)
    {
        var mirrors = remote.Mirrors;
        foreach (var url in texts.Select(t => RemoteUrl.Parse(t, context.WorkingDirectory)))
        {
            if (Fetchers.WhyNot(url) is { } why)
            {
                throw new RemoteException("PM6002", why);
            }

            mirrors = url == remote.Url || mirrors.Contains(url) ? mirrors : mirrors.Add(url);
        }

        return mirrors.Length <= RemoteList.MaximumMirrors
            ? remote with { Mirrors = mirrors }
            : throw CommandException.Usage("PM1126", $"expected at most {RemoteList.MaximumMirrors} mirrors, got {mirrors.Length}");
    }

    /// <summary>The remote without these mirrors.</summary>
    /// <exception cref="CommandException">PM1124: one of them is none.</exception>
    public static RemoteDefinition WithoutMirrors(PmContext context, RemoteDefinition remote, string[] texts)
    {
        var mirrors = remote.Mirrors;
        foreach (var url in texts.Select(t => RemoteUrl.Parse(t, context.WorkingDirectory)))
        {
            mirrors = mirrors.Contains(url)
                ? mirrors.Remove(url)
                : throw new CommandException(ExitCode.NotFound, "PM1124", $"{remote.Name} has no mirror {url}", "`pm remote list` lists them");
        }

        return remote with { Mirrors = mirrors };
    }
}
