using System.CommandLine;
using Pm.Cli.Commands.Publishing;
using Pm.Cli.Commands.Repositories;
using Pm.Cli.Roots;
using Pm.Remotes;

namespace Pm.Cli.Commands.Tokens;

/// <summary>Whose tokens a command means: of a directory, <c>--repo DIR</c>, or of a server, <c>--remote URL|NAME</c>.</summary>
sealed class TokenPlace
{
    readonly Option<string?> _repository = RepositoryPlace.Option();

    readonly Option<string?> _remote = new("--remote")
    {
        Description = "the repository of a pmd, by its URL or as `pm remote list` shows it, with the token of an administrator",
        HelpName = "REMOTE",
    };

    readonly ServerOptions _server = new();

    public IReadOnlyList<Option> Options => [_repository, _remote, .. _server.All];

    public ITokenKeeper Open(PmContext context, ParseResult parsed)
    {
        if (parsed.Given(_remote) is not { } remote)
        {
            return new DirectoryTokens(context, RepositoryPlace.Open(context, parsed.Given(_repository)));
        }

        return parsed.Given(_repository) is null
            ? new ServerTokens(_server.Open(context, parsed, Url(context, remote)))
            : throw CommandException.Usage("PM1163", "--repo names a directory and --remote a server: which of them is meant?");
    }

    /// <summary>A URL, or the one of a remote of the root.</summary>
    /// <exception cref="CommandException">PM1124: there is no such remote.</exception>
    public static RemoteUrl Url(PmContext context, string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return RemoteUrl.Parse(text, context.WorkingDirectory);
        }

        using var session = RootAccess.TryOpen(context);
        return session is null
            ? throw new CommandException(ExitCode.NotFound, "PM1124", $"no remote is called `{Output.Hostile.OneLine(text)}`", "give its URL")
            : Remotes.RemoteNames.Require(session, text).Url;
    }
}
