using System.CommandLine;
using Pm.Cli.Commands;
using Pm.Cli.Configuration;
using Pm.Ebpf.Events;

namespace Pm.Cli.Ebpf;

/// <summary>The options that say how events look, and for how long they are shown.</summary>
sealed class EventOptions
{
    readonly Option<bool> _json;
    readonly Option<bool> _text;
    readonly Option<string?> _duration;

    /// <param name="of">Of what they are, before the description; empty where it is clear.</param>
    public EventOptions(string of = "")
    {
        _json = new("--json") { Description = of + "write each event as one JSON object on a line" };
        _text = new("--text") { Description = of + "write each event as one line of NAME=VALUE" };
        _duration = new("--duration") { Description = of + "end after TIME, such as 5s", HelpName = "TIME" };
        All = [_json, _text, _duration];
    }

    public IReadOnlyList<Option> All { get; }

    /// <exception cref="CommandException">PM1002: two were given.</exception>
    public EventStyle Style(ParseResult parsed) => (parsed.Given(_json), parsed.Given(_text)) switch
    {
        (true, true) => throw CommandException.Usage("PM1002", "`--json` and `--text` exclude each other", "give one of them"),
        (true, _) => EventStyle.Json,
        (_, true) => EventStyle.Text,
        _ => EventStyle.Columns,
    };

    /// <returns>Null: until it is interrupted.</returns>
    /// <exception cref="CommandException">PM1002: it is no time.</exception>
    public TimeSpan? Duration(ParseResult parsed) => parsed.Given(_duration) is { } text ? Time(text) : null;

    /// <exception cref="CommandException">PM1002: it is no time.</exception>
    public static TimeSpan Time(string text) => SettingText.TryTime(text, out var time)
        ? time
        : throw CommandException.Usage("PM1002", $"--duration: expected {SettingText.Time}, got `{text}`", "--duration 5s");
}
