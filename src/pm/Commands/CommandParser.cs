using System.CommandLine;
using System.CommandLine.Parsing;

namespace Pm.Cli.Commands;

/// <summary>The parser of one command, and its errors in the house's words.</summary>
sealed class CommandParser
{
    // The parser skips a first argument that is the command's own name; no argument can hold a NUL.
    const string Unnamed = "\0";

    readonly CommandEntry _entry;
    readonly Command _command = new(Unnamed);

    public CommandParser(CommandEntry entry)
    {
        _entry = entry;
        Declaration = entry.Declare();
        Common = new CommonOptionSet(Declaration.Takes);
        foreach (var argument in Declaration.Arguments)
        {
            if (argument is Argument<string[]> words)
            {
                // The library would make the array by reflection: see GivenValues.
                words.CustomParser = result => [.. result.Tokens.Select(t => t.Value)];
            }

            _command.Arguments.Add(argument);
        }

        foreach (var option in Options)
        {
            _command.Options.Add(option);
        }
    }

    public CommandDeclaration Declaration { get; }

    /// <summary>Its words without the program's: <c>pkg sign</c>.</summary>
    public string Verb => _entry.Words;

    public CommonOptionSet Common { get; }

    /// <summary>The command's own options, then the shared ones.</summary>
    public IEnumerable<Option> Options => [.. Declaration.Options, .. Common.Options];

    /// <summary>The command line without its words.</summary>
    /// <exception cref="CommandException">It is wrong (PM1002).</exception>
    public ParseResult Parse(IReadOnlyList<string> arguments)
    {
        CheckFlagsHaveNoValue(arguments);
        var parsed = _command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (StrayOption(parsed) is { } stray)
        {
            throw Wrong($"unknown option `{stray}`", Typo.Nearest(stray, OptionNames()) is { } near
                ? $"did you mean `{near}`?"
                : _entry.Words is "run" ? $"flags of the program go after `--`: `pm run NAME -- {stray}`; {See}"
                : Declaration.Arguments.Count > 0 && stray is not ['-', >= 'a' and <= 'z'] ? $"a value that begins with a dash goes after `--`; {See}" : See);
        }

        if (parsed.UnmatchedTokens is [var unexpected, ..])
        {
            throw Wrong($"unexpected argument `{unexpected}`", $"usage: {Synopsis.Of(_entry, this)}");
        }

        return parsed.Errors is [var error, ..] ? throw Wrong(Words(error), $"usage: {Synopsis.Of(_entry, this)}") : parsed;
    }

    string See => $"see `pm help {_entry.Words}`";

    /// <summary>An argument before <c>--</c> that looks like an option: the parser takes it for a value.</summary>
    string? StrayOption(ParseResult parsed)
    {
        var literal = parsed.Tokens.SkipWhile(t => t.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return Declaration.Arguments
            .SelectMany(a => parsed.GetResult(a)?.Tokens ?? [])
            .Where(t => t.Value is ['-', _, ..] && !literal.Contains(t))
            .Select(t => t.Value)
            .Concat(parsed.UnmatchedTokens.Where(t => t is ['-', _, ..]))
            .FirstOrDefault()?.Split('=')[0];
    }

    /// <summary><c>--json=maybe</c> would make <c>maybe</c> an argument.</summary>
    void CheckFlagsHaveNoValue(IReadOnlyList<string> arguments)
    {
        foreach (var argument in arguments.TakeWhile(a => a != "--").Where(a => a.StartsWith("--", StringComparison.Ordinal)))
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && Options.Any(o => o.ValueType == typeof(bool) && o.Name == argument[..equals]))
            {
                throw Wrong($"option `{argument[..equals]}` takes no value, got `{argument[(equals + 1)..]}`", See);
            }
        }
    }

    static string Words(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Argument: var argument } result when result.Tokens.Count < argument.Arity.MinimumNumberOfValues =>
            $"missing argument `{argument.Name}`",
        OptionResult { Option: var option, Tokens.Count: 0 } when option.Arity.MinimumNumberOfValues > 0 =>
            $"option `{option.Name}` needs a value: `{Synopsis.Of(option)}`",
        OptionResult { Option: var option } result when result.Tokens.Count > option.Arity.MaximumNumberOfValues =>
            $"option `{option.Name}` was given {result.Tokens.Count} times",
        OptionResult { Option: var option } when option.Required && error.Message.Contains("required", StringComparison.Ordinal) =>
            $"option `{Synopsis.Of(option)}` is required",
        _ => Plain(error.Message),
    };

    // Messages of own validators are in the house's form already; those of the library are made so.
    static string Plain(string message)
    {
        var text = message.Replace('\'', '`').Replace("\n\t", " ", StringComparison.Ordinal).TrimEnd('.');
        return char.IsUpper(text[0]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }

    IEnumerable<string> OptionNames() => Options.SelectMany(o => o.Aliases.Append(o.Name)).Append("--help");

    static CommandException Wrong(string message, string hint) => CommandException.Usage("PM1002", message, hint);
}
