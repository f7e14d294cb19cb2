using System.Collections.Immutable;
using Pm.Daemon.Pages.Html;

namespace Pm.Daemon.Pages;

/// <summary>How much a part of a page still has room for: strangers' texts may be of any length, a page may not.</summary>
/// <param name="bytes">Of HTML, as it is sent.</param>
/// <param name="around">Of these, for the tags around each entry.</param>
sealed class PageRoom(int bytes, int around = 40)
{
    int _left = bytes;

    /// <summary>Takes room for one more entry; false where there is none left.</summary>
    public bool TryTake(params ReadOnlySpan<string?> texts)
    {
        var cost = around;
        foreach (var text in texts)
        {
            foreach (var rune in (text ?? "").EnumerateRunes())
            {
                cost += Wording.LengthOf(rune);
            }
        }

        _left -= cost;
        return _left >= 0;
    }

    /// <summary>As many of the texts as there is room for.</summary>
    public ImmutableArray<string> Take(IEnumerable<string> texts) => [.. texts.TakeWhile(text => TryTake(text))];

    /// <summary>As much of a text as there is room for, never half a character.</summary>
    public string Beginning(string text)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            _left -= Wording.LengthOf(rune);
            if (_left < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return text[..Math.Min(end, text.Length)];
    }

    /// <summary>As <see cref="Beginning"/> of a room of its own, with a mark where something is left out.</summary>
    public static string Cut(string text, int bytes)
    {
        var beginning = new PageRoom(bytes).Beginning(text);
        return beginning.Length == text.Length ? text : beginning + "…";
    }
}
