"""The reported figures of the fund as data of the demo. Everybody and everything is made up."""
