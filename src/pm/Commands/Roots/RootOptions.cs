using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Pm.Cli.Commands.Roots;

/// <summary>Options that several commands on a root share.</summary>
static class RootOptions
{
    public static Option<bool> AllowUnsigned() => new("--allow-unsigned")
    {
        Description = "let packages in that nobody signed; a bad signature is refused all the same",
    };

    public static Option<bool> Trust() => new("--trust")
    {
        Description = "take a package from a URL that nothing vouches for; its signature is checked all the same",
    };

    /// <summary>The number of a generation, which may be left out.</summary>
    public static Argument<int?> Generation(string name, string description)
    {
        var argument = new Argument<int?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        argument.CustomParser = result => NumberOf(result, result.Tokens);
        return argument;
    }

    /// <summary>The number of a generation as an option.</summary>
    public static Option<int?> GenerationOption(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.CustomParser = result => NumberOf(result, result.Tokens);
        return option;
    }

    static int? NumberOf(SymbolResult result, IReadOnlyList<Token> tokens)
    {
        if (tokens.Count == 0)
        {
            return null;
        }

        if (int.TryParse(tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        result.AddError($"expected the number of a generation, got `{tokens[0].Value}`; `pm generations` lists them");
        return null;
    }
}
