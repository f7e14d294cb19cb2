using System.CommandLine;

namespace Pm.Cli.Commands;

/// <summary>How a command is written, made from its declaration.</summary>
static class Synopsis
{
    /// <summary><c>pm merkle [OPTION]… FILE…</c></summary>
    public static string Of(CommandEntry entry, CommandParser parser) =>
        string.Join(' ', [$"pm {entry.Words}", .. Required(parser), "[OPTION]…", .. parser.Declaration.Arguments.Where(a => !a.Hidden).Select(Of)]);

    /// <summary><c>--root DIR</c>, or the bare name of an option that takes no value.</summary>
    public static string Of(Option option) =>
        option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0
            ? option.Name
            : $"{option.Name} {option.HelpName ?? "VALUE"}";

    /// <summary><c>-n, --dry-run</c>: the short spelling first.</summary>
    public static string WithAliases(Option option) =>
        string.Join(", ", [.. option.Aliases.Where(a => a.Length == 2).Order(StringComparer.Ordinal), Of(option)]);

    static IEnumerable<string> Required(CommandParser parser) =>
        parser.Declaration.Options.Where(o => o.Required && !o.Hidden).Select(Of);

    static string Of(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name;
        var many = argument.Arity.MaximumNumberOfValues > 1 ? "…" : "";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]{many}" : name + many;
    }
}
