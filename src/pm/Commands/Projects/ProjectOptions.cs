using System.CommandLine;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Projects;
using Pm.Packages;
using Pm.Stages.Projects;

namespace Pm.Cli.Commands.Projects;

/// <summary>Options that the verbs of a project share.</summary>
sealed class ProjectOptions
{
    readonly Option<bool> _locked = new("--locked") { Description = "fail where pm.lock does not fit pm.toml, and say what differs" };
    readonly Option<bool> _minimal = new("--minimal") { Description = "take the oldest versions that will do: so that lower bounds are seen to hold" };
    readonly Option<string[]> _features = List("--features", "NAME", "switch on features of the project besides its default ones");
    readonly Option<string[]> _accepted = List("--accept", "NAME", "take NAME though its signer or digest is another than pm.lock says");
    readonly Option<bool> _trust = new("--trust-first-use") { Description = "trust the root that a remote of the project shows now, and no other from then on" };
    readonly Option<bool> _unsigned = RootOptions.AllowUnsigned();

    public Option[] All => [_locked, _minimal, _features, _accepted, _trust, _unsigned];

    /// <summary>Without what makes no sense where versions are to change.</summary>
    public Option[] Changing => [_minimal, _features, _accepted, _trust, _unsigned];

    public bool IsLocked(ParseResult parsed) => parsed.Given(_locked);

    public bool TrustsFirstUse(ParseResult parsed) => parsed.Given(_trust);

    public bool AllowsUnsigned(ParseResult parsed) => parsed.Given(_unsigned);

    /// <summary>Whether any of those that only a project knows was given.</summary>
    public string? FirstGiven(ParseResult parsed) =>
        parsed.Given(_locked) ? _locked.Name : parsed.Given(_minimal) ? _minimal.Name : parsed.Given(_features) is { Length: > 0 } ? _features.Name
        : parsed.Given(_accepted) is { Length: > 0 } ? _accepted.Name : parsed.Given(_trust) ? _trust.Name : null;

    /// <summary>Where no project is meant: none of them makes sense.</summary>
    /// <exception cref="CommandException">PM1191: one was given.</exception>
    public void RequireNone(ParseResult parsed)
    {
        if (FirstGiven(parsed) is { } given)
        {
            throw CommandException.Usage("PM1191", $"{given} is of a project, and none is meant here", "run it where pm.toml is, or name the place: `--project DIR`");
        }
    }

    /// <summary>Where no project is meant: whether unsigned packages may come in, and nothing else was given.</summary>
    public bool OnlyUnsigned(ParseResult parsed)
    {
        RequireNone(parsed);
        return AllowsUnsigned(parsed);
    }

    public LockOptions Read(ParseResult parsed) => new()
    {
        IsMinimal = parsed.Given(_minimal),
        Features = [.. (parsed.Given(_features) ?? []).SelectMany(f => f.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        Accepted = [.. (parsed.Given(_accepted) ?? []).Select(PackageName.Parse)],
    };

    /// <summary>The flow of a run.</summary>
    public ProjectFlow Flow(PmContext context, ParseResult parsed, Project project, LockOptions options) => new(context, project)
    {
        Options = options,
        IsLocked = parsed.Given(_locked),
        TrustsFirstUse = parsed.Given(_trust),
        AllowsUnsigned = parsed.Given(_unsigned),
    };

    static Option<string[]> List(string name, string help, string description) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
    };
}
