// Package ebpm runs eBPF objects and programs through pm, which is all that is needed.
//
//	run, err := ebpm.OpenAndRun("opensnoop")
//	for event := range run.Events() {
//		fmt.Println(event["comm"])
//	}
//	run.Stop()
package ebpm

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
)

// Error is what pm refuses.
type Error struct {
	// Code is "PMnnnn", which `pm explain` explains.
	Code string `json:"code"`
	// Message says what failed.
	Message string `json:"message"`
	// Hint is what helps, often a command in backquotes, or empty.
	Hint string `json:"hint"`
	// Exit is what pm would have ended with.
	Exit int `json:"exit"`
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("%s [%s]", e.Message, e.Code)
	}
	return fmt.Sprintf("%s [%s] (hint: %s)", e.Message, e.Code, e.Hint)
}

// Options are those of docs/rpc.md: {"duration": "5s", "strict": true}.
type Options map[string]any

// Event is one event of an object; of a program it has the one member "text", a line.
type Event map[string]any

// End is how a run ended.
type End struct {
	// Code is the exit code, or 128 and the signal.
	Code int `json:"code"`
	// Lost counts events that were dropped, as far as the kernel tells.
	Lost uint64 `json:"lost"`
}

// Refusal is a program of an object that the kernel did not take.
type Refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// Run is something that runs. Its methods may be called from any goroutine.
type Run struct {
	// Kind is "object" or "program".
	Kind string `json:"kind"`
	// Programs are the eBPF programs that are attached.
	Programs []string `json:"programs"`
	// Refused is what the kernel did not take.
	Refused []Refusal `json:"refused"`
	// ID is the number that pm gives it.
	ID int `json:"id"`
	// Name is, of Logs, what is read: "opensnoop/1".
	Name string `json:"name"`

	session *session
	events  chan Event
	done    chan struct{}
	stop    sync.Once
	waiting sync.Mutex
	held    []Event
	more    *sync.Cond
	end     End
	err     error
	isOver  bool
	lost    atomic.Uint64
	// isStopping: what is told now is kept, however much it is.
	isStopping bool
	closed     chan struct{}
	closing    sync.Once
}

// OpenAndRun runs an eBPF object or a program, by name, path or URL; it returns when that is attached.
func OpenAndRun(target string, arguments ...string) (*Run, error) {
	return OpenAndRunWith(Options{}, target, arguments...)
}

// OpenAndRunWith is OpenAndRun with options.
func OpenAndRunWith(options Options, target string, arguments ...string) (*Run, error) {
	return begin("run", options.with(Options{"target": target, "arguments": append([]string{}, arguments...)}))
}

// with is these options and those.
func (o Options) with(others Options) Options {
	all := Options{}
	for name, value := range o {
		all[name] = value
	}
	for name, value := range others {
		all[name] = value
	}
	return all
}

func begin(method string, parameters Options) (*Run, error) {
	s, err := open()
	if err != nil {
		return nil, err
	}
	run := &Run{session: s, events: make(chan Event), done: make(chan struct{}), closed: make(chan struct{})}
	run.more = sync.NewCond(&run.waiting)
	if err := s.call(method, parameters, run); err != nil {
		s.close()
		return nil, err
	}
	go run.read()
	go run.deliver()
	return run, nil
}

// Events gives the events, until the run has ended.
func (r *Run) Events() <-chan Event { return r.events }

// Lost is how many events were lost, as far as it was told up to now.
func (r *Run) Lost() uint64 { return r.lost.Load() }

// Stop detaches it, and says how it ended. Events that were told before are still given by Events; Close leaves them.
func (r *Run) Stop() (End, error) {
	r.stop.Do(func() {
		r.waiting.Lock()
		r.isStopping = true
		r.waiting.Unlock()
		r.more.Broadcast()
		r.session.send("stop", Options{"id": r.ID})
	})
	<-r.done
	return r.end, r.err
}

// Close is Stop, where nobody takes the rest of the events.
func (r *Run) Close() error {
	r.closing.Do(func() { close(r.closed) })
	_, err := r.Stop()
	return err
}

// Wait waits until it ends by itself, or is stopped. Somebody has to take the events.
func (r *Run) Wait() (End, error) {
	<-r.done
	return r.end, r.err
}

// Call is any method of docs/rpc.md as it stands there: Call("install", Options{"packages": "opensnoop"}, &result). The result may be nil.
func Call(method string, parameters Options, result any) error {
	s, err := open()
	if err != nil {
		return err
	}
	defer s.close()
	return s.call(method, parameters, result)
}

// read takes what pm tells. It never waits for who takes the events, so that Stop is always heard.
func (r *Run) read() {
	defer close(r.done)
	for {
		m, err := r.session.receive()
		if err != nil {
			r.err = err
			break
		}
		switch m.Method {
		case "event":
			event := Event{}
			if json.Unmarshal(m.Params.Data, &event) == nil {
				r.hold(event)
			}
		case "output":
			r.hold(Event{"text": m.Params.Text})
		case "lost":
			r.lost.Store(m.Params.Lost)
		case "end":
			r.lost.Store(m.Params.Lost)
			r.end = End{m.Params.Code, m.Params.Lost}
			r.over()
			r.session.close()
			return
		}
	}
	r.over()
	r.session.close()
}

// mostHeld keeps who does not take events from filling the memory: pm is read no further then, and the kernel counts what is lost.
const mostHeld = 1 << 16

func (r *Run) hold(event Event) {
	r.waiting.Lock()
	for len(r.held) >= mostHeld && !r.isStopping {
		r.more.Wait()
	}
	r.held = append(r.held, event)
	r.waiting.Unlock()
	r.more.Broadcast()
}

func (r *Run) over() {
	r.waiting.Lock()
	r.isOver = true
	r.waiting.Unlock()
	r.more.Broadcast()
}

func (r *Run) deliver() {
	defer close(r.events)
	for {
		r.waiting.Lock()
		for len(r.held) == 0 && !r.isOver {
			r.more.Wait()
		}
		held := r.held
		r.held = nil
		r.waiting.Unlock()
		r.more.Broadcast()
		if len(held) == 0 {
			return
		}
		for _, event := range held {
			select {
			case r.events <- event:
			case <-r.closed:
				return
			}
		}
	}
}

// session is a `pm rpc` of its own.
type session struct {
	command *exec.Cmd
	input   io.WriteCloser
	output  *bufio.Reader
	sending sync.Mutex
	last    int
	closing sync.Once
}

type message struct {
	ID     *int            `json:"id"`
	Method string          `json:"method"`
	Result json.RawMessage `json:"result"`
	Params struct {
		Data json.RawMessage `json:"data"`
		Text string          `json:"text"`
		Code int             `json:"code"`
		Lost uint64          `json:"lost"`
	} `json:"params"`
	Error *struct {
		Message string `json:"message"`
		Data    *Error `json:"data"`
	} `json:"error"`
}

func open() (*session, error) {
	executable := os.Getenv("PM_EXECUTABLE")
	if executable == "" {
		executable = "pm"
	}
	command := exec.Command(executable, "rpc")
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, &Error{"PM0008", err.Error(), "install pm, or name it in PM_EXECUTABLE", 4}
	}
	return &session{command: command, input: input, output: bufio.NewReaderSize(output, 1<<16)}, nil
}

func (s *session) send(method string, parameters Options) int {
	s.sending.Lock()
	defer s.sending.Unlock()
	s.last++
	if parameters == nil {
		parameters = Options{}
	}
	line, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": s.last, "method": method, "params": parameters})
	_, _ = s.input.Write(append(line, '\n')) // Where it is gone, the end of what it says tells more.
	return s.last
}

func (s *session) receive() (*message, error) {
	line, err := s.output.ReadBytes('\n')
	if err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &Error{"PM8081", "pm ended and did not say why", "", 1}
		}
		return nil, err
	}
	m := &message{}
	return m, json.Unmarshal(line, m)
}

func (s *session) call(method string, parameters Options, result any) error {
	id := s.send(method, parameters)
	for {
		m, err := s.receive()
		if err != nil {
			return err
		}
		if m.Method != "" || m.ID == nil || *m.ID != id {
			continue
		}
		if m.Error != nil {
			if m.Error.Data != nil {
				return m.Error.Data
			}
			return &Error{"PM1002", m.Error.Message, "", 2}
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	}
}

func (s *session) close() {
	s.closing.Do(func() {
		s.input.Close()
		_, _ = io.Copy(io.Discard, s.output)
		_ = s.command.Wait()
	})
}
