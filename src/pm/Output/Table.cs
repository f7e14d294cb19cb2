using System.Text;

namespace Pm.Cli.Output;

/// <summary>Rows of text: aligned under their headings on a terminal, separated by TAB in a pipe.</summary>
sealed class Table(params string[] headings)
{
    const int Gap = 2;

    readonly List<string[]> _rows = [];

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
