using System.Collections.Immutable;
using System.CommandLine;
using Pm.Cli.Configuration;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Stages.Hooks;

namespace Pm.Cli.Commands.Roots;

/// <summary>Whether the scripts of packages run, and what they may do: by options, else by the setting <c>scripts</c>.</summary>
sealed class ScriptOptions
{
    const string Network = "network";
    const string Everything = "all";

    readonly Option<bool> _scripts = new("--scripts")
    {
        Description = "run the scripts of packages whose signer is trusted; a failing one rolls everything back",
    };

    readonly Option<bool> _noScripts = new("--no-scripts") { Description = "run no scripts, whatever PM_SCRIPTS and the setting `scripts` say" };

    readonly Option<string[]> _grants = new("--grant")
    {
        Description = "let scripts do more than change the root: `network`, a DIR they may write to, or `all`",
        HelpName = "WHAT",
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
    };

    public Option[] All => [_scripts, _noScripts, _grants];

    /// <exception cref="CommandException">PM1007: a word that is none of those.</exception>
    public HookRules Read(PmContext context, ParseResult parsed)
    {
        var grants = parsed.Given(_grants) ?? [];
        return new HookRules
        {
            Policy = PolicyOf(context, parsed),
            Ask = (package, scripts) => Ask(context, package, scripts),
            AllowsAll = grants.Contains(Everything),
            AllowsNetwork = grants.Contains(Network),
            Writable = [.. grants.Where(grant => grant is not (Everything or Network)).Select(grant => Granted(context, grant))],
        };
    }

    HookPolicy PolicyOf(PmContext context, ParseResult parsed) =>
        parsed.Given(_noScripts) ? HookPolicy.Skip
        : parsed.Given(_scripts) ? HookPolicy.Run
        : context.Sources.Get(SettingTable.Scripts);

    static string Granted(PmContext context, string grant)
    {
        var path = context.FullPath(grant);
        return Path.IsPathFullyQualified(grant) && Directory.Exists(path)
            ? path
            : throw CommandException.Usage("PM1007", $"--grant: expected {Network}, {Everything} or the whole path of a directory, got `{grant}`");
    }

    static bool Ask(PmContext context, Package package, IReadOnlyList<DueScript> scripts)
    {
        ScriptText.Write(context, scripts);
        return Prompt.Confirm(context, $"run {(scripts.Count == 1 ? "this script" : "these scripts")} of {package.Id}?");
    }
}
