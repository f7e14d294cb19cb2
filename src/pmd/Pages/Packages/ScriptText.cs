using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using Pm.Packages;

namespace Pm.Daemon.Pages.Packages;

/// <summary>A script that a package brings.</summary>
/// <param name="Moment">When it runs: <c>post-install</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Text">Its beginning, or all of it.</param>
/// <param name="IsCut">Whether there is more.</param>
/// <param name="Url">All of it.</param>
public sealed record ScriptText(string Moment, int Size, string Text, [property: JsonPropertyName("cut")] bool IsCut, string Url)
{
    const int Room = 7_000;

    internal static ImmutableArray<ScriptText> Of(Package package, string pageUrl)
    {
        var room = new PageRoom(Room);
        return
        [
            .. Enum.GetValues<HookMoment>()
                .Where(moment => package.Hook(moment) is not null)
                .Select(moment => Of(HookNames.NameOf(moment), package.Hook(moment)!.Value, room, pageUrl)),
        ];
    }

    static ScriptText Of(string moment, ReadOnlyMemory<byte> script, PageRoom room, string pageUrl)
    {
        var text = Encoding.UTF8.GetString(script.Span);
        var shown = room.Beginning(text);
        return new ScriptText(moment, script.Length, shown, shown.Length < text.Length, $"{pageUrl}?script={moment}");
    }
}
