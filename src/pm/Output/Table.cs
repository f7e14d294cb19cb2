using System.Text;

namespace Pm.Cli.Output;

/// <summary>Rows of text: aligned under their headings on a terminal, separated by TAB in a pipe.</summary>
sealed class Table(params string[] headings)
{
    const int Gap = 2;

    /// <summary>What is left of a long cell where the other columns leave no room.</summary>
    const int Narrowest = 20;

    readonly List<string[]> _rows = [];

    /// <summary>On a terminal the last column is cut to what fits, at its beginning: what tells paths apart is their end.</summary>
    public bool CutsPaths { get; init; }

    /// <summary>Adds a row; cells are text from outside as likely as not, so control characters are made visible.</summary>
    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, headings.Length);
        _rows.Add([.. cells.Select(Hostile.OneLine)]);
    }

    /// <summary>Writes all rows to standard output.</summary>
    public void Write(Terminal terminal)
    {
        if (!terminal.OutputIsTerminal)
        {
            _rows.ForEach(row => terminal.Data(string.Join('\t', row)));
            return;
        }

        if (_rows.Count == 0)
        {
            return;
        }

        var widths = headings.Select((heading, column) => _rows.Max(row => row[column].Length) is var widest
            ? Math.Max(widest, heading.Length) : 0).ToArray();
        if (CutsPaths)
        {
            var room = Math.Max(terminal.Width - 1 - widths.SkipLast(1).Sum(w => w + Gap), Narrowest);
            _rows.ForEach(row => row[^1] = row[^1].Length > room ? "…" + row[^1][^(room - 1)..] : row[^1]);
        }

        terminal.Data(terminal.DataPaint.Bold(Align(headings, widths)));
        _rows.ForEach(row => terminal.Data(Align(row, widths)));
    }

    static string Align(string[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Length; column++)
        {
            line.Append(cells[column].PadRight(widths[column] + Gap));
        }

        return line.ToString().TrimEnd();
    }
}
